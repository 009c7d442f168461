package torrefy.kernels.vector;

import java.time.Duration;
import jdk.incubator.vector.FloatVector;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.parallel.PeakRate;

/// The most multiply-adds the machine can do: twelve independent chains in registers, no memory at all. A processor
/// that
/// starts two a cycle and finishes each after four or five needs eight to ten under way.
final class VectorPeak {

    private static final int STEPS = 512;
    private static final int CHAINS = 12;

    private VectorPeak() {}

    /// FLOP/s, a multiply-add counted as two, all threads together.
    static double measure(ParallelLoop loop, Duration quiet) {
        double operations = 2.0 * CHAINS * Lanes.COUNT * STEPS;
        float[] sink = new float[Lanes.COUNT];
        return PeakRate.measure(loop, quiet, operations, repeats -> {
            FloatVector result = chains(repeats * STEPS, 0.99f, 0.01f);
            if (result.lane(0) < 0) {
                result.intoArray(sink, 0);
            }
        });
    }

    private static FloatVector chains(int steps, float scale, float shift) {
        FloatVector a = FloatVector.broadcast(Lanes.FLOATS, scale);
        FloatVector b = FloatVector.broadcast(Lanes.FLOATS, shift);
        FloatVector c0 = b;
        FloatVector c1 = b.add(1);
        FloatVector c2 = b.add(2);
        FloatVector c3 = b.add(3);
        FloatVector c4 = b.add(4);
        FloatVector c5 = b.add(5);
        FloatVector c6 = b.add(6);
        FloatVector c7 = b.add(7);
        FloatVector c8 = b.add(8);
        FloatVector c9 = b.add(9);
        FloatVector c10 = b.add(10);
        FloatVector c11 = b.add(11);
        for (int step = 0; step < steps; step++) {
            c0 = c0.fma(a, b);
            c1 = c1.fma(a, b);
            c2 = c2.fma(a, b);
            c3 = c3.fma(a, b);
            c4 = c4.fma(a, b);
            c5 = c5.fma(a, b);
            c6 = c6.fma(a, b);
            c7 = c7.fma(a, b);
            c8 = c8.fma(a, b);
            c9 = c9.fma(a, b);
            c10 = c10.fma(a, b);
            c11 = c11.fma(a, b);
        }
        FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
        return low.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11);
    }
}
