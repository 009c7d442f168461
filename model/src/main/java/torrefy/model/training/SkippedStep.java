package torrefy.model.training;

/// A step that changed nothing, because its loss or its gradient was out of all proportion: see [DivergenceGuard].
///
/// @param reason half a sentence
/// @param starts where each of its sequences begins in the [TokenSource]
/// @param length of each sequence, T
public record SkippedStep(String reason, long[] starts, int length) {}
