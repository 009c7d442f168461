package torrefy.model.checkpoint;

import torrefy.core.memory.Buffer;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;
import torrefy.tensor.Parameter;

/// A parameter and the tensor that others' files have in its place: the name and the shape there, and the order in
/// which that tensor's elements, row by row, are found among the parameter's. A transposed matrix is the most frequent
/// case. One description serves both ways, to read and to write.
///
/// @param parameter of a model of ours, contiguous
/// @param name of the tensor
/// @param shape of the tensor
/// @param order of its elements in the parameter; may have more axes than the shape
record Counterpart(Parameter parameter, String name, Shape shape, Layout order) {

    Counterpart {
        assert shape.elements() == order.shape().elements() : name;
    }

    /// The same tensor under the same name.
    static Counterpart of(Parameter parameter) {
        Layout layout = Layout.contiguous(parameter.shape());
        return new Counterpart(parameter, parameter.name(), parameter.shape(), layout);
    }

    /// The same under another name.
    Counterpart named(String other) {
        return new Counterpart(parameter, other, shape, order);
    }

    /// A matrix with its axes swapped.
    Counterpart transposed() {
        Layout swapped = order.transpose(0, 1);
        return new Counterpart(parameter, name, swapped.shape(), swapped);
    }

    /// Rows in heads, and in each head another order: what was row `g·(headSize / groups) + i` of a head, in
    /// so many groups, becomes its row `i·groups + g`.
    ///
    /// Rotations turn the channels of a head in pairs: i with i + D/2 in some files, 2i with 2i + 1 in others. With 2
    /// groups the first becomes the second, with D/2 the second the first.
    Counterpart regrouped(int headSize, int groups) {
        int rows = shape.size(0);
        int columns = shape.elements() / rows;
        Layout apart = order.reshape(Shape.of(rows / headSize, groups, headSize / groups, columns));
        return new Counterpart(parameter, name, shape, apart.permute(0, 2, 1, 3));
    }

    /// The elements of `values`, which are the parameter's, in the tensor's order.
    NdArray inOrder(NdArray values) {
        return values.with(order);
    }

    /// The parameter's values, in the Java heap, in the tensor's order.
    NdArray values() {
        return inOrder(
                isInHeap(parameter)
                        ? parameter.data()
                        : NdArray.of(parameter.toFloats(), parameter.shape().sizes()));
    }

    static boolean isInHeap(Parameter parameter) {
        Buffer buffer = parameter.data().buffer();
        return buffer instanceof HostFloats || buffer instanceof HostBfloat16s;
    }
}
