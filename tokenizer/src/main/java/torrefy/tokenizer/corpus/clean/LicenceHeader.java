package torrefy.tokenizer.corpus.clean;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/// The comment at the beginning of a source file that says who owns it. The same in thousands of files, it would be
/// what a model learns best.
final class LicenceHeader {

    private static final Pattern LEGAL =
            Pattern.compile("copyright|licen[cs]e|SPDX-|all rights reserved|public domain", Pattern.CASE_INSENSITIVE);

    /// Files in which `#` begins a comment; in others it may be a heading.
    private static final Set<String> HASH_COMMENTS =
            Set.of("py", "sh", "bash", "rb", "pl", "r", "jl", "yaml", "yml", "toml", "cmake", "properties", "mk");

    private LicenceHeader() {}

    /// The index after a licence header and the blank lines that follow it; 0 if `text` does not begin with one. Line
    /// ends must be `\n`.
    ///
    /// @param source the name of the document, whose end tells its language
    static int end(byte[] text, String source) {
        int start = 0;
        while (start < text.length && (text[start] == '\n' || text[start] == ' ' || text[start] == '\t')) {
            start++;
        }
        int end = commentEnd(text, start, source);
        if (end == start
                || !LEGAL.matcher(new String(text, start, end - start, StandardCharsets.UTF_8))
                        .find()) {
            return 0;
        }
        return skipBlank(text, end);
    }

    private static int commentEnd(byte[] text, int start, String source) {
        if (startsWith(text, start, "/*")) {
            return blockEnd(text, start + 2, "*/", start);
        }
        if (startsWith(text, start, "<!--")) {
            return blockEnd(text, start + 4, "-->", start);
        }
        if (startsWith(text, start, "//")) {
            return linesEnd(text, start, "//");
        }
        String ending = source.substring(source.lastIndexOf('.') + 1);
        return HASH_COMMENTS.contains(ending) ? linesEnd(text, start, "#") : start;
    }

    private static int blockEnd(byte[] text, int from, String mark, int otherwise) {
        for (int i = from; i + mark.length() <= text.length; i++) {
            if (startsWith(text, i, mark)) {
                return i + mark.length();
            }
        }
        return otherwise;
    }

    private static int linesEnd(byte[] text, int start, String mark) {
        int at = start;
        while (startsWith(text, at, mark)) {
            while (at < text.length && text[at] != '\n') {
                at++;
            }
            at = Math.min(at + 1, text.length);
        }
        return at;
    }

    private static boolean startsWith(byte[] text, int at, String mark) {
        if (at + mark.length() > text.length) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (text[at + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Past blank lines: to the beginning of the first line that holds something.
    private static int skipBlank(byte[] text, int from) {
        int lineStart = from;
        for (int i = from; i < text.length; i++) {
            if (text[i] == '\n') {
                lineStart = i + 1;
            } else if (text[i] != ' ' && text[i] != '\t') {
                return lineStart;
            }
        }
        return text.length;
    }
}
