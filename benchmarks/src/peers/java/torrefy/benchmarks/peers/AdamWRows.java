package torrefy.benchmarks.peers;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backends;
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.memory.NdArray;

/// The update of as many parameters as GPT-2 has: bound by memory, which reads weight, gradient and two moments and
/// takes all but the gradient back.
final class AdamWRows {

    private static final int PARAMETERS = 124_439_808;
    private static final double BYTES = 7.0 * 4 * PARAMETERS;

    private AdamWRows() {}

    static void measure(Table table) {
        table.readWriteBandwidth();
        table.head("AdamW", "ms", "Torrefy", "BLAS", "libtorch");
        NdArray weight = NdArray.of(new float[PARAMETERS], PARAMETERS);
        NdArray gradient = NdArray.of(new float[PARAMETERS], PARAMETERS);
        NdArray m = NdArray.of(new float[PARAMETERS], PARAMETERS);
        NdArray v = NdArray.of(new float[PARAMETERS], PARAMETERS);
        Backends.standard().elementwise().fill(gradient, 0.01f);
        AdamWStep step = new AdamWStep(3e-4f, 0.9f, 0.95f, 1e-8f, 0.1f, 1, 1);
        PointerScope scope = new PointerScope();
        try {
            Tensor parameter = torch.zeros(PARAMETERS).set_requires_grad(true);
            Tensor theirGradient = torch.full(new long[] {PARAMETERS}, new Scalar(0.01f));
            TorchAdamW optimizer = new TorchAdamW(List.of(parameter), false);
            double[] seconds = new Duel(1, 9, 0.2)
                    .seconds(
                            () -> Backends.standard().optimizer().adamW(weight, gradient, m, v, step),
                            null,
                            () -> optimizer.step(3e-4, List.of(theirGradient)));
            table.times("AdamW, 124M parameters", seconds, BYTES / seconds[0] / table.readWriteBandwidth());
            optimizer.close();
        } finally {
            scope.close();
        }
    }
}
