/// How well a model predicts text that it was not trained on.
///
/// ```java
/// String text = "To be, or not to be, that is the question.";
/// TokenSource tokens = TokenSource.of(text.chars().toArray());
/// Evaluation evaluation = new Evaluator(gpt, 8, gpt.config().context()).evaluate(tokens, text.length());
/// System.out.println("perplexity " + evaluation.perplexity());
/// System.out.println(evaluation.bitsPerByte() + " bits a byte");
/// ```
///
/// The key idea: every token is predicted once, and what is measured is bits. A model that gives the next token
/// probability p could store it in −log₂ p bits; their sum over the bytes of the text compares models of any
/// vocabulary, and compressors, on one scale.
///
/// A [ChoiceEvaluator] asks in another way: which of some endings does the model find the likeliest?
///
/// Read [Evaluation] first: it holds the formulas.
package torrefy.model.evaluation;
