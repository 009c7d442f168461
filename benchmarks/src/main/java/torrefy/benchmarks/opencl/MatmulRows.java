package torrefy.benchmarks.opencl;

import torrefy.benchmarks.ProductShape;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;

/// Matrix products.
final class MatmulRows {

    /// GPT-2's: for 1024 tokens the joint projection, the feed-forward layer down and up, the gradient of a weight; for
    /// 256 the output layer.
    private static final String[] SHAPES = {
        "1024x2304x768-NN", "1024x768x3072-NN", "1024x3072x768-NN", "3072x768x1024-TN", "256x50257x768-NT"
    };

    private static final Duel DUEL = new Duel(5, 9, 0.1);

    private MatmulRows() {}

    static void beside(Table table, Contenders contenders) {
        table.head("matrix product, m × n × k", "GFLOP/s", "opencl", "vector");
        for (String shape : SHAPES) {
            row(table, ProductShape.parse(shape), contenders.opencl(), contenders.vector());
        }
    }

    static void bf16(Table table, Contenders contenders) {
        table.head("bfloat16 product, m × n × k", "GFLOP/s", "bf16", "f32");
        row(table, ProductShape.parse("1024x1024x1024-NN"), contenders.bf16(), contenders.opencl());
    }

    private static void row(Table table, ProductShape shape, Backend backend, Backend other) {
        double[] seconds = DUEL.seconds(product(backend, shape), product(other, shape));
        table.rates(shape.toString(), shape.flops() * 1e-9, seconds, shape.flops() / seconds[0] / table.peak());
    }

    private static Runnable product(Backend backend, ProductShape shape) {
        NdArray a = operand(backend, 1, shape.m(), shape.k(), shape.transposeA());
        NdArray b = operand(backend, 2, shape.k(), shape.n(), shape.transposeB());
        Shape result = Shape.of(shape.m(), shape.n());
        NdArray out = NdArray.of(backend.allocate(DataType.F32, result.elements()), result);
        return () -> {
            backend.matmul().matmul(out, a, b, false);
            backend.finish();
        };
    }

    /// Standard normal numbers.
    private static NdArray operand(Backend backend, long seed, int rows, int columns, boolean transposed) {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        Distributions.normal(RandomKey.of(seed), values, 0, values.length);
        Shape shape = transposed ? Shape.of(columns, rows) : Shape.of(rows, columns);
        NdArray stored = NdArray.of(backend.upload(values), shape);
        return transposed ? stored.with(stored.layout().transpose(0, 1)) : stored;
    }
}
