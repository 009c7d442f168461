package torrefy.tokenizer.corpus.dedup;

/// Orders records of several `long`s that lie one after another in one array: no object for each record, no pointers.
final class RecordOrder {

    private static final int FEW = 12;

    private RecordOrder() {}

    /// Compares two records by their `long`s as unsigned numbers, the first that differ deciding.
    static int compare(long[] a, int atA, long[] b, int atB, int width) {
        for (int i = 0; i < width; i++) {
            int order = Long.compareUnsigned(a[atA + i], b[atB + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// Sorts the first `count` records in place.
    static void sort(long[] records, int width, int count) {
        sort(records, width, 0, count - 1, new long[width]);
    }

    /// Quicksort with the middle record as pivot, insertion sort where few are left. The keys are hashes, so no input
    /// is in an order that would be bad for it; the smaller half goes into the recursion, so it is never deep.
    private static void sort(long[] records, int width, int from, int to, long[] pivot) {
        int low = from;
        int high = to;
        while (high - low > FEW) {
            System.arraycopy(records, (low + high >>> 1) * width, pivot, 0, width);
            int i = low;
            int j = high;
            while (i <= j) {
                while (compare(records, i * width, pivot, 0, width) < 0) {
                    i++;
                }
                while (compare(records, j * width, pivot, 0, width) > 0) {
                    j--;
                }
                if (i <= j) {
                    swap(records, width, i++, j--);
                }
            }
            if (j - low < high - i) {
                sort(records, width, low, j, pivot);
                low = i;
            } else {
                sort(records, width, i, high, pivot);
                high = j;
            }
        }
        insert(records, width, low, high, pivot);
    }

    private static void insert(long[] records, int width, int from, int to, long[] moving) {
        for (int i = from + 1; i <= to; i++) {
            int at = i;
            System.arraycopy(records, i * width, moving, 0, width);
            while (at > from && compare(records, (at - 1) * width, moving, 0, width) > 0) {
                System.arraycopy(records, (at - 1) * width, records, at * width, width);
                at--;
            }
            System.arraycopy(moving, 0, records, at * width, width);
        }
    }

    private static void swap(long[] records, int width, int a, int b) {
        for (int i = 0; i < width; i++) {
            long kept = records[a * width + i];
            records[a * width + i] = records[b * width + i];
            records[b * width + i] = kept;
        }
    }
}
