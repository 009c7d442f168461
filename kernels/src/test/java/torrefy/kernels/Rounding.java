package torrefy.kernels;

/// What rounding to single precision may cost.
final class Rounding {

    /// Half the distance from 1 to the next float: the most by which one operation's result is off, relatively.
    static final double UNIT = 0x1p-24;

    private Rounding() {}

    /// The relative error, against the sum of the magnitudes, of a sum of `terms` products in any order. Errors of
    /// random sign grow with the root of their number (Higham and Mary, "A new approach to probabilistic rounding error
    /// analysis", SIAM J. Sci. Comput. 41, 2019); 4 standard deviations, and a few operations around the sum.
    static double sum(int terms) {
        return (4 * Math.sqrt(terms) + 8) * UNIT;
    }
}
