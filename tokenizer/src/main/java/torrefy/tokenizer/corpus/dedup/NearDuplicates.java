package torrefy.tokenizer.corpus.dedup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Groups documents that are nearly the same, by banded locality-sensitive hashing: Leskovec, Rajaraman, Ullman,
/// *Mining of Massive Datasets*, 3.4.
///
/// All documents are put into buckets, one for each value of each band, by sorting. Those in a bucket are compared by
/// their signatures, because a common band alone proves little: at a similarity of 0.5 one pair in nineteen has one.
/// Pairs whose estimated similarity reaches a threshold are joined; a group is what hangs together by such pairs.
///
/// Documents are numbered by rank, and what is done in a bucket goes by rank too, so groups depend on the documents
/// alone.
public final class NearDuplicates implements AutoCloseable {

    /// In a bucket of many documents that are not alike, a document is compared with so many others at most.
    private static final int MOST_LEADERS = 64;

    /// Where signatures are kept.
    @FunctionalInterface
    public interface Signatures {
        int[] of(long rank);
    }

    private final MinHash hash;
    private final double similarity;
    private final Path folder;
    private final DiskSort buckets;
    private long documents;

    /// @param similarity from which two signatures are near duplicates
    /// @param folder for files meanwhile
    public NearDuplicates(MinHash hash, double similarity, Path folder) {
        this.hash = hash;
        this.similarity = similarity;
        this.folder = folder;
        this.buckets = new DiskSort(folder, "bands", 2);
    }

    /// Adds the document of the next rank.
    public void add(int[] signature) throws IOException {
        for (int band = 0; band < hash.bands(); band++) {
            buckets.add(hash.bandHash(signature, band), documents);
        }
        documents++;
    }

    /// Takes what became of each document.
    @FunctionalInterface
    public interface Sink {

        /// @param leader the document of the lowest rank in its group; the document itself if it stays
        void accept(long rank, long leader) throws IOException;
    }

    /// Finds the groups, and hands out all documents by rank.
    public void forEach(Signatures signatures, Sink sink) throws IOException {
        try (DisjointSets groups = new DisjointSets(folder.resolve("groups.tmp"), documents)) {
            Bucket bucket = new Bucket(signatures, groups);
            buckets.forEach(record -> bucket.take(record[0], (int) record[1]));
            for (int rank = 0; rank < documents; rank++) {
                sink.accept(rank, groups.root(rank));
            }
        }
    }

    /// The documents that share a value of a band, one after another. A document joins the first of the leaders that it
    /// resembles; if there is none, it becomes one.
    private final class Bucket {
        private final Signatures signatures;
        private final DisjointSets groups;
        private final List<Leader> leaders = new ArrayList<>();
        private long value;
        private int waiting = -1;

        private record Leader(int rank, int[] signature) {}

        Bucket(Signatures signatures, DisjointSets groups) {
            this.signatures = signatures;
            this.groups = groups;
        }

        /// The first of a bucket waits for a second: most are alone, and their signatures need not be read.
        void take(long bucket, int rank) {
            if (waiting < 0 && leaders.isEmpty() || bucket != value) {
                leaders.clear();
                value = bucket;
                waiting = rank;
                return;
            }
            if (leaders.isEmpty()) {
                leaders.add(new Leader(waiting, signatures.of(waiting)));
            }
            int[] signature = null;
            for (Leader leader : leaders) {
                if (groups.root(leader.rank) == groups.root(rank)) {
                    return;
                }
                signature = signature == null ? signatures.of(rank) : signature;
                if (MinHash.similarity(leader.signature, signature) >= similarity) {
                    groups.join(leader.rank, rank);
                    return;
                }
            }
            if (leaders.size() < MOST_LEADERS) {
                leaders.add(new Leader(rank, signature));
            }
        }
    }

    @Override
    public void close() throws IOException {
        buckets.close();
    }
}
