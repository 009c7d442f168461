package torrefy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// Exponential functions of a whole register, from fused multiply-adds.
///
/// `lanewise(EXP)` and its like would do, were it not that compiled code calls a library that rounds otherwise than the
/// JDK's own methods, which interpreted code calls: results would depend on when a method got hot. These give the same
/// bits everywhere and are as fast.
final class Functions {

    private static final float LOG2_E = 1.44269504f;
    /// ln 2 in two parts; n times the first is exact for every n that occurs.
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /// Added to a number below 2²², this leaves its whole part in the lowest bits.
    private static final float ROUND = 0x1.8p23f;

    private static final float SQRT_2_OVER_PI = 0.7978845608f;
    private static final float GELU_CUBIC = 0.044715f;

    private Functions() {}

    /// `eˣ`, to 2 units in the last place; 0 below −104, infinite above 88.8.
    ///
    /// `eˣ = 2ⁿ·eʳ` with `n = round(x/ln 2)` and `|r| ≤ ln 2/2`; `eʳ` by the polynomial of Moshier's Cephes library,
    /// `expf`. 2ⁿ is made in two factors, so that neither leaves the range of a float before the result does.
    static FloatVector exp(FloatVector x) {
        FloatVector limited = x.blend(-104, x.compare(LE, -104)).blend(89, x.compare(GE, 89));
        FloatVector shifted = limited.fma(broadcast(LOG2_E), broadcast(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), limited));
        FloatVector q = broadcast(1.9875691500e-4f);
        q = q.fma(r, broadcast(1.3981999507e-3f));
        q = q.fma(r, broadcast(8.3334519073e-3f));
        q = q.fma(r, broadcast(4.1665795894e-2f));
        q = q.fma(r, broadcast(1.6666665459e-1f));
        q = q.fma(r, broadcast(5.0000001201e-1f));
        FloatVector e = q.fma(r.mul(r), r).add(1);
        IntVector exponent = shifted.reinterpretAsInts().lanewise(LSHL, 23);
        IntVector half = exponent.lanewise(ASHR, 1).and(0xff800000);
        IntVector one = IntVector.broadcast(Lanes.INTS, 0x3f800000);
        FloatVector factor = half.add(one).reinterpretAsFloats();
        FloatVector rest = exponent.sub(half).add(one).reinterpretAsFloats();
        return e.mul(factor).mul(rest);
    }

    /// `σ(x) = 1/(1 + e⁻ˣ)`
    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = broadcast(1);
        return one.div(exp(x.neg()).add(one));
    }

    /// `tanh x = 1 − 2/(e²ˣ + 1)`; where that would cancel, the odd polynomial of Cephes, `tanhf`.
    static FloatVector tanh(FloatVector x) {
        FloatVector one = broadcast(1);
        FloatVector large = one.sub(broadcast(2).div(exp(x.add(x)).add(one)));
        FloatVector z = x.mul(x);
        FloatVector p = broadcast(-5.70498872745e-3f);
        p = p.fma(z, broadcast(2.06390887954e-2f));
        p = p.fma(z, broadcast(-5.37397155531e-2f));
        p = p.fma(z, broadcast(1.33314422036e-1f));
        p = p.fma(z, broadcast(-3.33332819422e-1f));
        FloatVector small = p.fma(z.mul(x), x);
        return large.blend(small, z.compare(LT, 0.390625f));
    }

    /// `½(1 + tanh u)` with `u = √(2/π)(x + 0.044715x³)`, which is `σ(2u)`.
    static FloatVector geluTanhGate(FloatVector x) {
        FloatVector inner = x.mul(x).fma(broadcast(2 * SQRT_2_OVER_PI * GELU_CUBIC), broadcast(2 * SQRT_2_OVER_PI));
        return sigmoid(inner.mul(x));
    }

    /// With `s = σ(2u)`: `(x·s)' = s + x·s(1 − s)·2u'`
    static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector s = geluTanhGate(x);
        FloatVector slope = x.mul(x).fma(broadcast(6 * SQRT_2_OVER_PI * GELU_CUBIC), broadcast(2 * SQRT_2_OVER_PI));
        FloatVector sides = s.sub(s.mul(s));
        return sides.mul(x).fma(slope, s);
    }

    /// `Φ(x) = ½ erfc(−x/√2)`, to 10⁻⁶ of itself for negative x and of one for positive.
    ///
    /// erfc by the rational Chebyshev fit of Press et al., *Numerical Recipes*, section 6.2, `erfcc`.
    static FloatVector normalDistribution(FloatVector x) {
        FloatVector z = x.abs().mul(0.70710678f);
        FloatVector t = broadcast(1).div(z.fma(broadcast(0.5f), broadcast(1)));
        FloatVector p = broadcast(0.17087277f);
        p = p.fma(t, broadcast(-0.82215223f));
        p = p.fma(t, broadcast(1.48851587f));
        p = p.fma(t, broadcast(-1.13520398f));
        p = p.fma(t, broadcast(0.27886807f));
        p = p.fma(t, broadcast(-0.18628806f));
        p = p.fma(t, broadcast(0.09678418f));
        p = p.fma(t, broadcast(0.37409196f));
        p = p.fma(t, broadcast(1.00002368f));
        p = p.fma(t, broadcast(-1.26551223f));
        FloatVector tail = t.mul(0.5f).mul(exp(z.neg().fma(z, p)));
        VectorMask<Float> negative = x.compare(LT, 0);
        return broadcast(1).sub(tail).blend(tail, negative);
    }

    /// `φ(x) = exp(−x²/2)/√(2π)`
    static FloatVector normalDensity(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f)).mul(0.39894228f);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}
