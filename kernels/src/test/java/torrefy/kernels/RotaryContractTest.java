package torrefy.kernels;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

@EveryColumn
class RotaryContractTest {

    private static final Layout[] LAYOUTS = {
        Layout.contiguous(Shape.of(1, 2)),
        Layout.contiguous(Shape.of(7, 14)),
        Layout.contiguous(Shape.of(3, 207, 6)),
        Layout.contiguous(Shape.of(2, 5, 13, 64)),
        // (B, T, H, D) seen as (B, H, T, D), and a part of a wider row.
        Layout.contiguous(Shape.of(2, 13, 5, 62)).permute(0, 2, 1, 3),
        Layout.contiguous(Shape.of(2, 3, 31, 50)).slice(-1, 7, 34),
        Layout.contiguous(Shape.of(1, 2, 3, 4098)),
        Layout.contiguous(Shape.of(2, 0, 8)),
    };

    private final Column column;
    private final RotaryKernels kernels;

    RotaryContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().rotary();
    }

    @ParameterizedTest
    @EnumSource
    void pairsTurnByTheirAngles(Pairing pairing) {
        for (Layout layout : LAYOUTS) {
            for (boolean inverse : new boolean[] {false, true}) {
                for (boolean inPlace : new boolean[] {false, true}) {
                    check(layout, pairing, inverse, inPlace);
                }
            }
        }
    }

    private void check(Layout layout, Pairing pairing, boolean inverse, boolean inPlace) {
        int times = layout.shape().size(-2);
        int size = layout.shape().size(-1);
        int half = size / 2;
        Sample in = Sample.normal(1, layout);
        Sample cos = Sample.normal(2, times, half);
        Sample sin = Sample.normal(3, times, half);
        double[] x = in.before();
        double[] c = cos.values();
        double[] s = sin.values();
        double[] expected = new double[x.length];
        double[] scale = new double[x.length];
        for (int row = 0; row * size < x.length; row++) {
            for (int i = 0; i < half; i++) {
                int first = row * size + (pairing == Pairing.HALVES ? i : 2 * i);
                int second = pairing == Pairing.HALVES ? first + half : first + 1;
                double cosine = c[row % times * half + i];
                double sine = s[row % times * half + i] * (inverse ? -1 : 1);
                expected[first] = x[first] * cosine - x[second] * sine;
                expected[second] = x[first] * sine + x[second] * cosine;
                scale[first] = Math.abs(x[first] * cosine) + Math.abs(x[second] * sine);
                scale[second] = Math.abs(x[first] * sine) + Math.abs(x[second] * cosine);
            }
        }
        Sample out = inPlace ? in : Sample.unset(layout);
        kernels.rotate(out.array(), in.array(), cos.array(), sin.array(), pairing, inverse);
        out.assertIs(expected, scale, 2 * Rounding.UNIT, pairing + " of " + layout);
    }

    @ParameterizedTest
    @EnumSource
    void bitsDoNotDependOnThreads(Pairing pairing) {
        int[] size = {4, 3, 207, 32};
        Sample in = Sample.normal(4, size);
        Sample cos = Sample.normal(5, 207, 16);
        column.assertSameBitsOnAnyThreads(backend -> {
            Sample out = Sample.unset(size);
            backend.rotary().rotate(out.array(), in.array(), cos.array(), cos.array(), pairing, false);
            return out.array();
        });
    }
}
