package torrefy.tokenizer.corpus.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LicenceHeaderTest {

    private static String without(String source, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return text.substring(LicenceHeader.end(bytes, source));
    }

    @Test
    void aBlockCommentThatSpeaksOfLicenceIsTheHeader() {
        assertEquals("int x;", without("a.c", "/* SPDX-License-Identifier: MIT */\n\nint x;"));
        assertEquals("int x;", without("a.c", "\n  /*\n * All Rights Reserved\n */int x;"));
        assertEquals("<p>", without("a.html", "<!-- (c) COPYRIGHT 1999 -->\n<p>"));
    }

    @Test
    void indentationAfterTheHeaderStays() {
        assertEquals("    int x;", without("a.c", "/* licence */\n  \n    int x;"));
    }

    @Test
    void commentLinesAtTheBeginningAreTheHeader() {
        assertEquals("package a\n", without("a.go", "// Copyright 2020\n// All rights reserved.\n\npackage a\n"));
        assertEquals("import os\n", without("a.py", "#!/usr/bin/python\n# Licensed under X\nimport os\n"));
    }

    @Test
    void aHeadingIsNoComment() {
        String markdown = "# License\n\nThis text is free.\n";
        assertEquals(markdown, without("README.md", markdown));
    }

    @Test
    void otherCommentsStay() {
        for (String text : new String[] {
            "/* A sum. */\nint x;",
            "int x; /* Copyright */",
            "/* Copyright, and no end",
            "// hello\n// Copyright2\n".replace("Copyright2", "world"),
            "",
            "/*",
            "//"
        }) {
            assertEquals(text, without("a.java", text));
        }
    }

    @Test
    void aFileThatIsNothingButItsHeaderIsEmptyAfterwards() {
        assertEquals("", without("a.java", "// Copyright"));
        assertEquals("", without("a.java", "/* Copyright */  \n"));
    }
}
