package torrefy.benchmarks.peers;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backends;

/// Few rows times a weight, as when text is generated: what counts is how fast the weight is read. Each call takes
/// another of several weights, more than caches hold, as the layers of a model are.
final class DecodingRows {

    private static final long BYTES_OF_WEIGHTS = 400L << 20;

    private DecodingRows() {}

    static void measure(Table table) {
        table.readBandwidth();
        table.head("few rows × weight, m × n × k", "GB/s", "Torrefy", "BLAS", "libtorch");
        for (int m : new int[] {1, 4, 8, 16}) {
            row(table, m, 3072, 768, false);
            row(table, m, 768, 3072, false);
            row(table, m, 50257, 768, true);
        }
    }

    private static void row(Table table, int m, int n, int k, boolean transposed) {
        String name = m + " × " + n + " × " + k + (transposed ? " NT" : " NN");
        if (!table.wants(name)) {
            return;
        }
        PointerScope scope = new PointerScope();
        try {
            measure(table, name, m, n, k, transposed);
        } finally {
            scope.close();
        }
    }

    private static void measure(Table table, String name, int m, int n, int k, boolean transposed) {
        long bytes = 4L * n * k;
        int count = (int) (BYTES_OF_WEIGHTS / bytes);
        List<Operand> weights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            weights.add(transposed ? Operand.normal(i, n, k).transposed() : Operand.normal(i, k, n));
        }
        Operand in = Operand.normal(-1, m, k);
        Operand out = Operand.zeros(m, n);
        int[] calls = new int[3];
        Runnable ours = () -> {
            Operand weight = weights.get(calls[0]++ % count);
            Backends.standard().matmul().matmul(out.ours(), in.ours(), weight.ours(), false);
        };
        FloatPointer x = in.theirs().data_ptr_float();
        FloatPointer y = out.theirs().data_ptr_float();
        List<FloatPointer> pointers =
                weights.stream().map(weight -> weight.theirs().data_ptr_float()).toList();
        Runnable blas = () -> {
            FloatPointer w = pointers.get(calls[1]++ % count);
            if (m == 1 && transposed) {
                openblas.cblas_sgemv(CblasRowMajor, CblasNoTrans, n, k, 1, w, k, x, 1, 0, y, 1);
            } else if (m == 1) {
                openblas.cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1, w, n, x, 1, 0, y, 1);
            } else {
                int op = transposed ? CblasTrans : CblasNoTrans;
                openblas.cblas_sgemm(CblasRowMajor, CblasNoTrans, op, m, n, k, 1, x, k, w, transposed ? k : n, 0, y, n);
            }
        };
        Tensor vectorIn = in.theirs().view(-1);
        Tensor vectorOut = out.theirs().view(-1);
        List<Tensor> turned = m > 1
                ? List.of()
                : weights.stream().map(weight -> weight.theirs().t()).toList();
        Runnable libtorch = () -> {
            int index = calls[2]++ % count;
            if (m == 1) {
                torch.mv_out(vectorOut, turned.get(index), vectorIn);
            } else {
                torch.mm_out(out.theirs(), in.theirs(), weights.get(index).theirs());
            }
        };
        ours.run();
        MatmulRows.check(name + ", libtorch", out, k, libtorch);
        MatmulRows.check(name + ", BLAS", out, k, blas);
        double[] seconds = new Duel(4, 7, 0.1).seconds(ours, blas, libtorch);
        table.rates(name, bytes * 1e-9, seconds, bytes / seconds[0] / table.readBandwidth());
    }
}
