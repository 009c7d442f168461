package torrefy.examples.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// All that can be done with text before there is a model.
@Command(
        name = "corpus",
        description = "Turns raw files into a clean, deduplicated, traceable set of token shards.",
        subcommands = {CorpusBuildCommand.class, CorpusInspectCommand.class, CorpusTraceCommand.class},
        mixinStandardHelpOptions = true)
public final class CorpusCommand implements Runnable {

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "corpus what? build, inspect or trace");
    }
}
