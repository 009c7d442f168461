/// Programs to run and to read. [torrefy.examples.Torrefy] is the launcher of the quickstart and its companions;
/// [torrefy.examples.ladder] has four small programs in teaching order, from one gradient to one GPT.
package torrefy.examples;
