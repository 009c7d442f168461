package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Exponential functions of a whole register, from fused multiply-adds.
///
/// `lanewise(EXP)` and its like would do, were it not that compiled code calls a library that rounds otherwise than
/// the JDK's own methods, which interpreted code calls: results would depend on when a method got hot. These give the
/// same bits everywhere and are as fast.
///
/// What C2 takes into one compiled method is limited, and everything here is meant to be inlined into a loop: hence
/// no method for what `broadcast` says, and in each function the call of another comes first.
final class Functions {

    private static final float LOG2_E = 1.44269504f;

    /// ln 2 in two parts; n times the first is exact for every n that occurs.
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /// Added to a number below 2²², this leaves its whole part in the lowest bits.
    private static final float ROUND = 0x1.8p23f;

    /// `2√(2/π)`
    private static final float GELU_LINEAR = 1.5957691216f;

    private static final float GELU_CUBIC = 0.044715f * GELU_LINEAR;

    private Functions() {}

    /// `eˣ`, to 2 units in the last place; 0 below −104, infinite above 88.8.
    ///
    /// `eˣ = 2ⁿ·eʳ` with `n = round(x/ln 2)` and `|r| ≤ ln 2/2`; `eʳ` by the polynomial of Moshier's Cephes library,
    /// `expf`. 2ⁿ is made in two factors, so that neither leaves the range of a float before the result does.
    static FloatVector exp(FloatVector x) {
        FloatVector limited = x.blend(-104, x.lt(-104)).blend(89, x.compare(GT, 89));
        FloatVector round = FloatVector.broadcast(FLOATS, ROUND);
        FloatVector shifted = limited.fma(FloatVector.broadcast(FLOATS, LOG2_E), round);
        FloatVector n = shifted.sub(round);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), limited);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        FloatVector q = FloatVector.broadcast(FLOATS, 1.9875691500e-4f);
        q = q.fma(r, FloatVector.broadcast(FLOATS, 1.3981999507e-3f));
        q = q.fma(r, FloatVector.broadcast(FLOATS, 8.3334519073e-3f));
        q = q.fma(r, FloatVector.broadcast(FLOATS, 4.1665795894e-2f));
        q = q.fma(r, FloatVector.broadcast(FLOATS, 1.6666665459e-1f));
        q = q.fma(r, FloatVector.broadcast(FLOATS, 5.0000001201e-1f));
        FloatVector e = q.fma(r.mul(r), r).add(1);
        IntVector exponent = shifted.reinterpretAsInts().lanewise(LSHL, 23);
        IntVector half = exponent.lanewise(ASHR, 1).and(0xff800000);
        FloatVector factor = half.add(0x3f800000).reinterpretAsFloats();
        FloatVector rest = exponent.sub(half).add(0x3f800000).reinterpretAsFloats();
        return e.mul(factor).mul(rest);
    }

    /// `σ(x) = 1/(1 + e⁻ˣ)`
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.neg());
        return FloatVector.broadcast(FLOATS, 1).div(e.add(1));
    }

    /// `tanh x = 1 − 2/(e²ˣ + 1)`; where that would cancel, the odd polynomial of Cephes, `tanhf`.
    static FloatVector tanh(FloatVector x) {
        FloatVector e = exp(x.add(x));
        FloatVector large = FloatVector.broadcast(FLOATS, -2).div(e.add(1)).add(1);
        FloatVector z = x.mul(x);
        FloatVector p = FloatVector.broadcast(FLOATS, -5.70498872745e-3f);
        p = p.fma(z, FloatVector.broadcast(FLOATS, 2.06390887954e-2f));
        p = p.fma(z, FloatVector.broadcast(FLOATS, -5.37397155531e-2f));
        p = p.fma(z, FloatVector.broadcast(FLOATS, 1.33314422036e-1f));
        p = p.fma(z, FloatVector.broadcast(FLOATS, -3.33332819422e-1f));
        return large.blend(p.fma(z.mul(x), x), z.lt(0.390625f));
    }

    /// `½(1 + tanh u)` with `u = √(2/π)(x + 0.044715x³)`, which is `σ(2u)`.
    static FloatVector geluTanhGate(FloatVector x) {
        return sigmoid(x.mul(x).mul(GELU_CUBIC).add(GELU_LINEAR).mul(x));
    }

    /// With `s = σ(2u)`: `(x·s)' = s + x·s(1 − s)·2u'`
    static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector s = geluTanhGate(x);
        FloatVector slope = x.mul(x).mul(3 * GELU_CUBIC).add(GELU_LINEAR);
        return s.sub(s.mul(s)).mul(x).fma(slope, s);
    }

    /// `Φ(x) = ½ erfc(−x/√2)`, to 3·10⁻⁷, from `e = exp(−x²/2)`.
    ///
    /// erfc by Hastings' approximation: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 7.1.26.
    static FloatVector normalDistribution(FloatVector x, FloatVector e) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        // 0.3275911/√2
        FloatVector t = one.div(x.abs().mul(0.23164189f).add(1));
        FloatVector p = FloatVector.broadcast(FLOATS, 1.061405429f);
        p = p.fma(t, FloatVector.broadcast(FLOATS, -1.453152027f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 1.421413741f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, -0.284496736f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 0.254829592f));
        FloatVector tail = p.mul(t).mul(e).mul(0.5f);
        return one.sub(tail).blend(tail, x.lt(0));
    }

    /// `exp(−x²/2)`, the density of the normal distribution times √(2π)
    static FloatVector bell(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f));
    }
}
