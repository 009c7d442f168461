/// How text becomes tokens, in four programs to be read in order: byte-pair encoding from nothing, why text is split
/// first, marks that no text can make, why the fast encoder is fast. Each can be run alone and says what output to
/// expect. After `mvn compile`, on Windows with `;` for `:`,
///
/// ```text
/// java -cp core/target/classes:tokenizer/target/classes:examples/target/classes torrefy.examples.tokens.Step4WhyFast
/// ```
///
/// The one idea: merge what stands together often, and do nothing twice. The first step is complete in itself; the
/// others use the public classes of [torrefy.tokenizer]. Begin with [torrefy.examples.tokens.Step1PairsByHand].
package torrefy.examples.tokens;
