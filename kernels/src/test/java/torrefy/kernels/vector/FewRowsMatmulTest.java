package torrefy.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FewRowsMatmulTest {

    @Test
    void eightPlacesAnOddDistanceApartFitIntoWhatIsLeft() {
        for (int count = 8; count <= 5000; count++) {
            int apart = FewRowsMatmul.apart(count);
            assertTrue(apart % 2 == 1 && 8 * apart <= count, "of " + count + ": " + apart);
            assertTrue(count - 8 * apart < 16, "of " + count + ": " + apart);
        }
    }

    @Test
    void wholeGroupsLeaveNothing() {
        for (int count = 1; count <= 5000; count++) {
            int whole = FewRowsMatmul.wholeGroups(count);
            assertTrue(whole >= count && whole < count + 16);
            assertEquals(whole, 8 * FewRowsMatmul.apart(whole));
        }
    }
}
