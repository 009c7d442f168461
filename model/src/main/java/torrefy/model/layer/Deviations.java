package torrefy.model.layer;

/// The standard deviations of a block's random initial values.
///
/// @param inner of maps whose results stay inside a part of the block
/// @param residual of maps that write into the residual stream
public record Deviations(float inner, float residual) {}
