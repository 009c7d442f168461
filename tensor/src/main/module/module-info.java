/// Tensors with reverse-mode automatic differentiation.
module torrefy.tensor {
    requires transitive torrefy.core;

    exports torrefy.tensor;
    exports torrefy.tensor.op;
}
