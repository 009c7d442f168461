package torrefy.tokenizer.corpus.read;

import java.util.Locale;

/// What the end of a name says about how documents lie in a file.
enum FileKind {
    GZIP(".gz", ".gzip"),
    ZSTD(".zst", ".zstd"),
    COMPRESSED_TAR(".tgz"),
    TAR(".tar"),
    WEB_ARCHIVE(".warc", ".wet", ".warc.gz", ".wet.gz"),
    ZIP(".zip"),
    JSON_LINES(".jsonl", ".ndjson"),
    TEXT;

    private final String[] endings;

    FileKind(String... endings) {
        this.endings = endings;
    }

    /// The longest ending counts: `.warc.gz` is a web archive, whose reader unpacks it record by record.
    static FileKind of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        FileKind kind = TEXT;
        int longest = 0;
        for (FileKind candidate : values()) {
            for (String ending : candidate.endings) {
                if (lower.endsWith(ending) && ending.length() > longest) {
                    kind = candidate;
                    longest = ending.length();
                }
            }
        }
        return kind;
    }

    /// The name without the ending of a compression, which tells what is inside.
    static String inner(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
