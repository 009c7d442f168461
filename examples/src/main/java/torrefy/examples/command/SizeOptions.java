package torrefy.examples.command;

import picocli.CommandLine.Option;

/// The options for the sizes of a model. A field is null where nothing was asked for, and a method says what holds
/// then.
final class SizeOptions {

    private static final int HEAD_SIZE = 64;

    @Option(
            names = "--vocab",
            paramLabel = "N",
            description = "Tokens in the vocabulary, at least 257 (default: 4096, or those of the model or corpus that"
                    + " is there).")
    Integer vocabulary;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Transformer blocks (default: 4, or what a budget chooses).")
    Integer layers;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels per position (default: 256, or what a budget chooses).")
    Integer width;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Attention heads; must divide the width (default: one for every 64 channels).")
    Integer heads;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens the model looks back on; one that is trained further may use fewer than it can"
                    + " (default: 256).")
    Integer context;

    int vocabulary() {
        return or(vocabulary, 4096);
    }

    int layers() {
        return or(layers, 4);
    }

    int width() {
        return or(width, 256);
    }

    int heads() {
        return or(heads, Math.max(1, width() / HEAD_SIZE));
    }

    int context() {
        return or(context, 256);
    }

    /// What was given, or else what usually holds.
    static int or(Integer given, int usual) {
        return given == null ? usual : given;
    }
}
