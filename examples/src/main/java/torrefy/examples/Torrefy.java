package torrefy.examples;

import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import torrefy.core.data.Library;
import torrefy.examples.command.CorpusCommand;
import torrefy.examples.command.EvaluateCommand;
import torrefy.examples.command.ExportCommand;
import torrefy.examples.command.FailureLine;
import torrefy.examples.command.GenerateCommand;
import torrefy.examples.command.ImportCommand;
import torrefy.examples.command.InfoCommand;
import torrefy.examples.command.KillTestCommand;
import torrefy.examples.command.LockstepCommand;
import torrefy.examples.command.PlanCommand;
import torrefy.examples.command.QuickstartCommand;
import torrefy.examples.command.TokenizerCommand;
import torrefy.examples.command.TuneCommand;

/// The launcher: each subcommand below is a class of `torrefy.examples.command`. Without a command it runs the
/// quickstart.
@Command(
        name = "torrefy",
        description = "Trains a language model from raw text, in pure Java.",
        subcommands = {
            QuickstartCommand.class,
            GenerateCommand.class,
            EvaluateCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            TokenizerCommand.class,
            CorpusCommand.class,
            PlanCommand.class,
            LockstepCommand.class,
            TuneCommand.class,
            KillTestCommand.class,
            InfoCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Torrefy {

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /// Runs one command.
    ///
    /// @return 0 if all went well, 1 if the work failed, 2 if the arguments made no sense
    public static int run(String... arguments) {
        CommandLine line = new CommandLine(new Torrefy());
        line.getCommandSpec().version(Library.NAME);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(FailureLine::forArguments);
        line.setExecutionExceptionHandler(FailureLine::forExecution);
        return line.execute(withCommand(line, arguments));
    }

    private static String[] withCommand(CommandLine line, String[] arguments) {
        boolean named = arguments.length > 0
                && (line.getSubcommands().containsKey(arguments[0])
                        || !arguments[0].startsWith("-")
                        || Arrays.asList("-h", "--help", "-V", "--version").contains(arguments[0]));
        return named
                ? arguments
                : Stream.concat(Stream.of("quickstart"), Arrays.stream(arguments))
                        .toArray(String[]::new);
    }
}
