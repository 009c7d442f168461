package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out[i, :] = table[indices[i], :]`; `dTable[indices[i], :] += dOut[i, :]`, in ascending order of i.
///
/// Shapes: `(V, C)` and `I32` `(…)` give `(…, C)`. `table` may be `BF16`.
public record Embedding(Tensor table, Tensor indices) implements Op {

    public static Tensor apply(Tensor table, Tensor indices) {
        Backend backend = Operands.backendWithStored("embedding", table);
        Tensor ids = Operands.indices("embedding", indices, table);
        if (table.rank() != 2) {
            throw new IllegalArgumentException("embedding: the table must have shape (V, C), got " + table.shape());
        }
        Operands.requireInRange("embedding", "token id", ids, table.size(0), 0);
        Tensor dense = table.contiguous();
        NdArray out = Tensor.allocate(backend, ids.shape().concat(Shape.of(table.size(1))));
        backend.index().gatherRows(out.rows(), dense.data(), flat(ids));
        return Tensor.of(backend, out).madeBy(new Embedding(dense, ids));
    }

    private static NdArray flat(Tensor indices) {
        return indices.data().reshape(Shape.of(indices.shape().elements()));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(table);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(indices);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dTable = gradients.accumulator(table);
        if (dTable != null) {
            table.backend()
                    .index()
                    .scatterAddRows(
                            dTable, flat(indices), dOut.contiguous().data().rows());
        }
    }
}
