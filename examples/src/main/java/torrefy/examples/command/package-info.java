/// The commands of the launcher, one class each: options, a call into the library, and what to print.
/// Begin with [torrefy.examples.command.GenerateCommand], the shortest that uses a model.
package torrefy.examples.command;
