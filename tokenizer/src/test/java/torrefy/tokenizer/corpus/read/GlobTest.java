package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {

    @TempDir
    Path folder;

    private Set<String> matches(String pattern) throws IOException {
        Collecting sink = new Collecting(1000);
        DocumentSource.of(Glob.of(folder + "/" + pattern), ReadingRules.standard())
                .read(sink);
        return Set.copyOf(sink.sources());
    }

    @Test
    void aPatternMeansTheFilesThatItMatches() throws IOException {
        for (String name : new String[] {"a.md", "a.txt", "x/b.md", "x/y/c.md", "x/.hidden/d.md", "x/y/.e.md"}) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "text");
        }
        assertEquals(Set.of("a.md"), matches("*.md"));
        assertEquals(Set.of("a.md", "x/b.md", "x/y/c.md"), matches("**/*.md"));
        assertEquals(Set.of("b.md", "y/c.md"), matches("x/**/*.md"));
        assertEquals(Set.of("a.md", "a.txt"), matches("?.{md,txt}"));
        assertEquals(Set.of("x/y/c.md"), matches("**/y/**/*"));
        assertEquals(Set.of(), matches("*.java"));
        assertTrue(Glob.of(folder + "/**/*.md").hasMatchIn(folder.resolve("x/y")));
        assertFalse(Glob.of(folder + "/*.md").hasMatchIn(folder.resolve("x")));
        assertFalse(Glob.of(folder + "/x/y/.*").hasMatchIn(folder.resolve("x/y")));
    }

    @Test
    void theRootEndsBeforeTheFirstWildcard() {
        assertEquals(new Glob(Path.of("src/main"), "**/*.md"), Glob.of("src/main/**/*.md"));
        assertEquals(new Glob(Path.of("."), "*.md"), Glob.of("*.md"));
        assertEquals(new Glob(Path.of("/"), "a?/b"), Glob.of("/a?/b"));
        assertTrue(Glob.isPattern("a[0-9]"));
        assertFalse(Glob.isPattern("a/b.c"));
    }

    @Test
    void aPatternThatIsNotWellFormedIsNamed() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Glob.of("src/[a.md"));
        assertTrue(refused.getMessage().startsWith("src/[a.md: is no pattern"), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }
}
