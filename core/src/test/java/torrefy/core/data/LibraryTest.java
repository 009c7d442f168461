package torrefy.core.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LibraryTest {

    @Test
    void theBuildHasFilledTheVersionIn() {
        assertTrue(Library.NAME.matches("torrefy \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), Library.NAME);
    }
}
