package torrefy.benchmarks.peers;

import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/// How many threads OpenBLAS takes for a product.
///
/// libtorch computes attention with a thread for each of several heads, and each calls the BLAS. OpenBLAS does not see
/// that it is called in parallel, and its threads then fight for the processors: a step took more than seven times as
/// long. So
/// attention runs with one BLAS thread, all else with all. MKL sees it by itself.
final class BlasThreads {

    private static final boolean CHANGES = Tuning.settled().startsWith("OpenBLAS");

    private static final VoidTensorHook ONE = new VoidTensorHook() {
        @Override
        public void call(TensorBase gradient) {
            one();
        }
    };

    private static final VoidTensorHook ALL = new VoidTensorHook() {
        @Override
        public void call(TensorBase gradient) {
            all();
        }
    };

    static {
        // Made within a step's scope, they outlive it.
        ONE.retainReference();
        ALL.retainReference();
    }

    private BlasThreads() {}

    /// Sees to it that backward has one thread between the gradients of `out` and of `in`.
    static void oneInBackward(Tensor out, Tensor in) {
        if (CHANGES) {
            out.register_hook(ONE);
            in.register_hook(ALL);
        }
    }

    /// From now on the caller's thread alone.
    static void one() {
        if (CHANGES) {
            openblas.blas_set_num_threads(1);
        }
    }

    /// From now on a thread for each processor.
    static void all() {
        if (CHANGES) {
            openblas.blas_set_num_threads(Runtime.getRuntime().availableProcessors());
        }
    }
}
