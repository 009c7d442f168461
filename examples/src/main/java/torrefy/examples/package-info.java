/// Programs to run and to read. [torrefy.examples.Torrefy] is the launcher of the quickstart and its companions. Two
/// packages have four small programs each, in teaching order: [torrefy.examples.ladder] from one gradient to one GPT,
/// [torrefy.examples.tokens] from one sentence to a fast tokenizer. Either may be read first.
package torrefy.examples;
