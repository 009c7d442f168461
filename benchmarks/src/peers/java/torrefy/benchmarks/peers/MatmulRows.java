package torrefy.benchmarks.peers;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import torrefy.benchmarks.ProductShape;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backends;

/// Matrix products: our `matmul`, `cblas_sgemm`, and libtorch's `mm` and `bmm` into a given result.
final class MatmulRows {

    /// `m × n × k`, and how each operand lies in memory, as in [torrefy.benchmarks.MatmulBenchmark]. Squares; GPT-2's
    /// feed-forward layer for 256 tokens, up and down; its joint projection for 1024; the gradient of a weight; its
    /// output layer.
    private static final String[] SHAPES = {
        "512x512x512-NN",
        "1024x1024x1024-NN",
        "256x3072x768-NT",
        "256x768x3072-NN",
        "1024x2304x768-NT",
        "3072x768x1024-TN",
        "256x50257x768-NT",
    };

    /// Turns before a row counts: C2 compiles a tile anew while the first shapes run.
    private static final int WARMUPS = 8;

    private MatmulRows() {}

    static void measure(Table table) {
        table.head("matrix product, m × n × k", "GFLOP/s", "Torrefy", "BLAS", "libtorch");
        for (String shape : SHAPES) {
            if (!table.wants(shape)) {
                continue;
            }
            PointerScope scope = new PointerScope();
            try {
                product(table, shape);
            } finally {
                scope.close();
            }
        }
        if (table.wants("batched")) {
            PointerScope scope = new PointerScope();
            try {
                batched(table, 48, 256, 256, 64);
            } finally {
                scope.close();
            }
        }
    }

    private static void product(Table table, String shape) {
        ProductShape product = ProductShape.parse(shape);
        int m = product.m();
        int n = product.n();
        int k = product.k();
        boolean transposeA = product.transposeA();
        boolean transposeB = product.transposeB();
        Operand a = transposeA ? Operand.normal(1, k, m).transposed() : Operand.normal(1, m, k);
        Operand b = transposeB ? Operand.normal(2, n, k).transposed() : Operand.normal(2, k, n);
        Operand out = Operand.zeros(m, n);
        Runnable ours = () -> Backends.standard().matmul().matmul(out.ours(), a.ours(), b.ours(), false);
        Runnable blas = sgemm(out, a, b, m, n, k, transposeA, transposeB);
        Runnable libtorch = () -> torch.mm_out(out.theirs(), a.theirs(), b.theirs());
        row(table, product.toString(), out, product.flops(), k, ours, blas, libtorch);
    }

    private static void batched(Table table, int batch, int m, int n, int k) {
        Operand a = Operand.normal(1, batch, m, k);
        Operand b = Operand.normal(2, batch, n, k).transposed();
        Operand out = Operand.zeros(batch, m, n);
        Runnable ours = () -> Backends.standard().matmul().matmul(out.ours(), a.ours(), b.ours(), false);
        Runnable libtorch = () -> torch.bmm_out(out.theirs(), a.theirs(), b.theirs());
        String name = "batched, " + batch + " of " + m + " × " + n + " × " + k + " NT";
        row(table, name, out, 2.0 * batch * m * n * k, k, ours, null, libtorch);
    }

    private static Runnable sgemm(
            Operand out, Operand a, Operand b, int m, int n, int k, boolean transposeA, boolean transposeB) {
        FloatPointer c = out.theirs().data_ptr_float();
        FloatPointer x = a.theirs().data_ptr_float();
        FloatPointer y = b.theirs().data_ptr_float();
        int opA = transposeA ? CblasTrans : CblasNoTrans;
        int opB = transposeB ? CblasTrans : CblasNoTrans;
        int strideA = transposeA ? m : k;
        int strideB = transposeB ? k : n;
        return () -> openblas.cblas_sgemm(CblasRowMajor, opA, opB, m, n, k, 1, x, strideA, y, strideB, 0, c, n);
    }

    private static void row(
            Table table,
            String name,
            Operand out,
            double flops,
            int k,
            Runnable ours,
            Runnable blas,
            Runnable libtorch) {
        ours.run();
        check(name + ", libtorch", out, k, libtorch);
        if (blas != null) {
            check(name + ", BLAS", out, k, blas);
        }
        double[] seconds = new Duel(WARMUPS, 9, 0.1).seconds(ours, blas, libtorch);
        table.rates(name, flops * 1e-9, seconds, flops / seconds[0] / table.peak());
    }

    /// A sum of k products of normal numbers stays below about `6·√k`, and k roundings of partial sums that size add up
    /// to about `√k` times the rounding of one, `2⁻²⁵` of it, in either result.
    static void check(String name, Operand out, int k, Runnable peer) {
        out.theirs().zero_();
        peer.run();
        out.requireEqual(name, 6 * k * 0x1p-24);
    }

    /// GFLOP/s of libtorch alone on a typical product.
    static double trial() {
        torch.set_num_threads(Runtime.getRuntime().availableProcessors());
        Tensor a = torch.randn(1024, 768);
        Tensor b = torch.randn(3072, 768).transpose(0, 1);
        Tensor out = torch.empty(1024, 3072);
        double[] seconds = new Duel(1, 5, 0.2).seconds(() -> torch.mm_out(out, a, b));
        return 2e-9 * 1024 * 3072 * 768 / seconds[0];
    }
}
