package torrefy.examples.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// All that can be done with a tokenizer and without a model.
@Command(
        name = "tokenizer",
        description = "Trains, uses and judges a tokenizer.",
        subcommands = {
            TokenizerTrainCommand.class,
            TokenizerEncodeCommand.class,
            TokenizerDecodeCommand.class,
            TokenizerShowCommand.class,
            TokenizerStatsCommand.class
        },
        mixinStandardHelpOptions = true)
public final class TokenizerCommand implements Runnable {

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "tokenizer what? train, encode, decode, show or stats");
    }
}
