/// Four programs of one screen each, to be read in order: a gradient by hand, a perceptron that learns exclusive or, a
/// model of character pairs, a tiny GPT. Each can be run alone and says what output to expect.
///
/// ```java
/// Tensor w = Tensor.of(new float[] {1}).withGradient();
/// Tensor error = w.multiply(3).subtract(6);
/// error.multiply(error).backward();
/// System.out.println(w.gradient().item());   // −18
/// ```
///
/// The one idea: training is walking downhill, and `backward()` says where down is. Begin with
/// [torrefy.examples.ladder.Step1GradientByHand].
package torrefy.examples.ladder;
