/// The tokenizer beside those that others use, in one run: jtokkit, which is Java, and Hugging Face's tokenizers, which
/// are Rust. [TokenTable][torrefy.benchmarks.tokens.TokenTable] is the program.
package torrefy.benchmarks.tokens;
