package torrefy.model.checkpoint;

import torrefy.core.shape.Shape;

/// One tensor of a safetensors file: what the header says of it.
///
/// @param name the key under which it is stored
/// @param type what an element is
/// @param shape its sizes; elements lie in row-major order
/// @param begin the first byte, counted from the end of the header
/// @param end the byte after the last
public record StoredTensor(String name, StoredType type, Shape shape, long begin, long end) {}
