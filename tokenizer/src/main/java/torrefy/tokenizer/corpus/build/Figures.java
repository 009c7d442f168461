package torrefy.tokenizer.corpus.build;

import java.util.Locale;

/// Numbers as people read them.
final class Figures {

    private Figures() {}

    /// `812 B`, `3.4 KB`, `74.5 MB`, in powers of a thousand.
    static String bytes(long bytes) {
        double size = Math.abs((double) bytes);
        if (size < 1000) {
            return bytes + " B";
        }
        return size < 1e6
                ? String.format(Locale.ROOT, "%.1f KB", bytes / 1e3)
                : size < 1e9
                        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    static String documents(long documents) {
        return documents == 1 ? "1 document" : String.format(Locale.ROOT, "%,d documents", documents);
    }

    /// Short enough to stand above a column: `812`, `3.4 K`, `56 K`.
    static String count(long count) {
        return count < 1000
                ? "" + count
                : count < 10_000
                        ? String.format(Locale.ROOT, "%.1f K", count / 1e3)
                        : count < 1_000_000
                                ? String.format(Locale.ROOT, "%.0f K", count / 1e3)
                                : String.format(Locale.ROOT, "%.1f M", count / 1e6);
    }
}
