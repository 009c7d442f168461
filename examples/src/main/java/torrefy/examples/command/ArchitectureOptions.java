package torrefy.examples.command;

import picocli.CommandLine.Option;
import torrefy.examples.quickstart.Architecture;
import torrefy.examples.quickstart.Architecture.Family;

/// The options that say what kind of model is trained.
final class ArchitectureOptions {

    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "Of which parts the model is made: gpt2 or llama (default: gpt2).")
    private Family family;

    @Option(
            names = "--kv-heads",
            paramLabel = "N",
            description = "With llama: heads of keys and values, shared by groups of heads; must divide --heads"
                    + " (default: as many).")
    private Integer keyValueHeads;

    @Option(
            names = "--qk-norm",
            description = "With llama: normalize queries and keys before they meet, as Qwen 3 does.")
    private boolean queryKeyNorm;

    @Option(
            names = "--untied-head",
            description = "With llama: an output layer of its own (default: the token table once more).")
    private boolean untiedHead;

    /// What was asked for; null if nothing was.
    Family family() {
        return family;
    }

    /// What was asked for; null if nothing was.
    Integer keyValueHeads() {
        return keyValueHeads;
    }

    boolean queryKeyNorm() {
        return queryKeyNorm;
    }

    boolean untiedHead() {
        return untiedHead;
    }

    /// The kind of a new model.
    ///
    /// @throws IllegalArgumentException if options contradict each other
    Architecture architecture() {
        return new Architecture(family == null ? Family.GPT2 : family, keyValueHeads, queryKeyNorm, untiedHead);
    }
}
