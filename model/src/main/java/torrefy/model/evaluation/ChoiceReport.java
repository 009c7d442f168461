package torrefy.model.evaluation;

/// How often a model chose the right ending.
///
/// @param bySum when it takes the ending with the largest log-likelihood, which favours short ones. The `acc` of
///     EleutherAI's lm-evaluation-harness
/// @param byByte when it takes the one with the largest log-likelihood per byte. The `acc_norm` there, which counts
///     characters: the same for ASCII
public record ChoiceReport(Proportion bySum, Proportion byByte) {}
