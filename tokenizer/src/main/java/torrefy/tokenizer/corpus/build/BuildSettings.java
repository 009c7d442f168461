package torrefy.tokenizer.corpus.build;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import torrefy.tokenizer.corpus.clean.CleaningRules;
import torrefy.tokenizer.corpus.dedup.MinHash;
import torrefy.tokenizer.corpus.filter.Decontamination;
import torrefy.tokenizer.corpus.filter.FilterCatalogue;
import torrefy.tokenizer.corpus.read.ReadingRules;

/// How a corpus is built.
///
/// @param inputs where it comes from
/// @param reading how files become documents
/// @param cleaning what is done to each
/// @param largestDocument a document longer than this many bytes is not read
/// @param filters names of filters and of profiles, in order; kept as names of filters
/// @param keepRejects whether the texts that filters reject are written to files, one for each filter
/// @param evaluation texts that the model will be judged by, and with which no document may have much in common
/// @param duplicates how near duplicates are found
/// @param mix how documents are divided, mixed and packed
/// @param tokenizer how text becomes tokens
public record BuildSettings(
        List<CorpusInput> inputs,
        ReadingRules reading,
        CleaningRules cleaning,
        int largestDocument,
        List<String> filters,
        boolean keepRejects,
        Evaluation evaluation,
        Duplicates duplicates,
        Mix mix,
        Tokens tokenizer) {

    /// Texts that the model will be judged by.
    ///
    /// @param files of any kind
    /// @param words so many in a row no document may share with them
    public record Evaluation(List<Path> files, int words) {

        public static final Evaluation NONE = new Evaluation(List.of(), Decontamination.STANDARD_WORDS);

        public Evaluation {
            files = List.copyOf(files);
        }
    }

    /// How duplicates are found.
    ///
    /// @param hash of near duplicates; null to keep them
    /// @param similarity two texts that are estimated to be at least so similar are near duplicates
    /// @param lineCopies a line of prose that stands in more documents than this is kept in one of them; 0 for all
    public record Duplicates(MinHash hash, double similarity, int lineCopies) {
        public Duplicates {
            if (!(similarity > 0 && similarity <= 1)) {
                throw new IllegalArgumentException("similarity must be in (0, 1], got " + similarity);
            }
            if (lineCopies < 0) {
                throw new IllegalArgumentException("copies of a line must be 0 or more, got " + lineCopies);
            }
        }
    }

    /// How documents are divided, mixed and packed.
    ///
    /// @param validationFraction the share of documents held out
    /// @param seed of the order
    /// @param sequence tokens in a sequence of best-fit packing; 0 for a plain stream of documents
    /// @param shardTokens a shard with so many tokens is full
    public record Mix(double validationFraction, long seed, int sequence, long shardTokens) {
        public Mix {
            if (!(validationFraction >= 0 && validationFraction < 1)) {
                throw new IllegalArgumentException("validation fraction must be in [0, 1), got " + validationFraction);
            }
            if (sequence != 0 && sequence < 2) {
                throw new IllegalArgumentException("a sequence must have at least 2 tokens, got " + sequence);
            }
            if (shardTokens < 1 || shardTokens > 1_500_000_000) {
                throw new IllegalArgumentException("a shard must have 1 to 1,500,000,000 tokens, got " + shardTokens);
            }
        }
    }

    /// @param file the tokenizer to use; null to train one
    /// @param vocabulary tokens of one that is trained
    /// @param trainingBytes how much text it learns from
    public record Tokens(Path file, int vocabulary, long trainingBytes) {}

    /// Profiles that judge most texts well: quality rules for prose and for code, personal data masked. C4's rules
    /// are not among them: they would leave a book with wrapped lines a seventh of its text, and take every page that
    /// shows code.
    public static final List<String> STANDARD_FILTERS = List.of("prose", "code");

    /// Half a megabyte holds some 90,000 words of English: a part of a book is short enough for Gopher's rule of
    /// 100,000.
    private static final int PART_BYTES = 1 << 19;

    public BuildSettings {
        inputs = List.copyOf(inputs);
        filters = FilterCatalogue.expanded(filters);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("a corpus needs at least one input");
        }
        Set<String> names = new HashSet<>();
        for (CorpusInput input : inputs) {
            if (!names.add(input.name())) {
                throw new IllegalArgumentException(
                        "two inputs are called " + input.name() + "; name them apart: NAME=PATH");
            }
        }
        if (inputs.stream().filter(CorpusInput::isStdin).count() > 1) {
            throw new IllegalArgumentException("stdin can be read once, so it can be one input only");
        }
        long weighted = inputs.stream().filter(input -> input.weight() > 0).count();
        if (weighted > 0 && weighted < inputs.size()) {
            throw new IllegalArgumentException("some inputs have a weight and some have none; give all one, or none");
        }
    }

    /// The standard way from some inputs.
    public static BuildSettings standard(List<CorpusInput> inputs) {
        return new BuildSettings(
                inputs,
                ReadingRules.standard().withExtraction(true).withPartBytes(PART_BYTES),
                new CleaningRules(64, 0.001, true, true),
                1 << 24,
                STANDARD_FILTERS,
                false,
                Evaluation.NONE,
                new Duplicates(MinHash.standard(), 0.75, 3),
                new Mix(0.01, 1, 0, 100_000_000),
                new Tokens(null, 32_768, 12L << 20));
    }

    public BuildSettings withCleaning(CleaningRules rules) {
        return new BuildSettings(
                inputs, reading, rules, largestDocument, filters, keepRejects, evaluation, duplicates, mix, tokenizer);
    }

    public BuildSettings withInputs(List<CorpusInput> others) {
        return new BuildSettings(
                others,
                reading,
                cleaning,
                largestDocument,
                filters,
                keepRejects,
                evaluation,
                duplicates,
                mix,
                tokenizer);
    }

    public BuildSettings withReading(ReadingRules rules) {
        return new BuildSettings(
                inputs, rules, cleaning, largestDocument, filters, keepRejects, evaluation, duplicates, mix, tokenizer);
    }

    public BuildSettings withLargestDocument(int bytes) {
        return new BuildSettings(
                inputs, reading, cleaning, bytes, filters, keepRejects, evaluation, duplicates, mix, tokenizer);
    }

    public BuildSettings withFilters(List<String> names) {
        return new BuildSettings(
                inputs, reading, cleaning, largestDocument, names, keepRejects, evaluation, duplicates, mix, tokenizer);
    }

    public BuildSettings withRejectsKept(boolean keep) {
        return new BuildSettings(
                inputs, reading, cleaning, largestDocument, filters, keep, evaluation, duplicates, mix, tokenizer);
    }

    public BuildSettings withEvaluation(Evaluation texts) {
        return new BuildSettings(
                inputs, reading, cleaning, largestDocument, filters, keepRejects, texts, duplicates, mix, tokenizer);
    }

    public BuildSettings withDuplicates(Duplicates rules) {
        return new BuildSettings(
                inputs, reading, cleaning, largestDocument, filters, keepRejects, evaluation, rules, mix, tokenizer);
    }

    public BuildSettings withMix(Mix rules) {
        return new BuildSettings(
                inputs,
                reading,
                cleaning,
                largestDocument,
                filters,
                keepRejects,
                evaluation,
                duplicates,
                rules,
                tokenizer);
    }

    public BuildSettings withTokenizer(Tokens rules) {
        return new BuildSettings(
                inputs, reading, cleaning, largestDocument, filters, keepRejects, evaluation, duplicates, mix, rules);
    }
}
