package torrefy.examples.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import torrefy.core.memory.OutOfMemoryException;
import torrefy.model.training.DivergenceException;

/// Turns a failure into one line on stderr that says what, where and what to do. A stack trace is kept for defects.
public final class FailureLine {

    /// What operating systems say when there is no room; the message names no file.
    private static final Pattern DISK_FULL =
            Pattern.compile("(?i)no space left|not enough space|disk full|quota exceeded");

    private FailureLine() {}

    /// The arguments made no sense: exit code 2.
    public static int forArguments(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String hint = "";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String near = unmatched.getSuggestions().stream().limit(3).collect(Collectors.joining(", "));
            hint = near.isEmpty() ? "" : "; near: " + near;
        }
        print(
                command,
                firstLine(e.getMessage()) + hint + "; '"
                        + command.getCommandSpec().qualifiedName() + " --help' lists the options");
        return CommandLine.ExitCode.USAGE;
    }

    /// The work failed: exit code 1.
    public static int forExecution(Exception e, CommandLine command, ParseResult result) {
        if (isMistake(e)) {
            print(command, describe(e));
        } else {
            print(command, "this is a defect of Torrefy, please report it with what follows");
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static boolean isMistake(Exception e) {
        return e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof IllegalArgumentException
                || e instanceof DivergenceException
                || e instanceof OutOfMemoryException
                || e instanceof OutOfHeapException;
    }

    private static String describe(Exception e) {
        Exception cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
        if (cause instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        if (cause.getMessage() != null && DISK_FULL.matcher(cause.getMessage()).find()) {
            return "the disk is full (" + firstLine(cause.getMessage())
                    + "): make room, or choose another --out; files that" + " were complete before are still there";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : firstLine(cause.getMessage());
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static void print(CommandLine command, String line) {
        command.getErr().println("torrefy: " + line);
        command.getErr().flush();
    }
}
