/// The foundation: shapes, buffers, the kernel vocabulary, parallel loops, random numbers, token shards.
module torrefy.core {
    uses torrefy.core.backend.BackendProvider;

    exports torrefy.core.backend;
    exports torrefy.core.data;
    exports torrefy.core.memory;
    exports torrefy.core.parallel;
    exports torrefy.core.random;
    exports torrefy.core.shape;
}
