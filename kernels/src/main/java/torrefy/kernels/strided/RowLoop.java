package torrefy.kernels.strided;

import torrefy.core.parallel.ParallelLoop;

/// A loop over rows that cost about the same, spread over threads in blocks of neighbours.
public final class RowLoop {

    private RowLoop() {}

    /// What is done with the rows `from` to `to − 1`. `worker` selects scratch memory; see [ParallelLoop.Piece].
    @FunctionalInterface
    public interface Block {
        void run(int from, int to, int worker);
    }

    /// How many rows make a block, if a row costs about as much as `cost` simple elements: as many as make
    /// [StridedLoop#PIECE] elements, at least one.
    public static int rowsInBlock(long cost) {
        return (int) Math.max(1, StridedLoop.PIECE / Math.max(1, cost));
    }

    /// Calls `body` for all rows in blocks of [#rowsInBlock]; the cuts depend on `rows` and `cost` alone.
    public static void run(ParallelLoop loop, int rows, long cost, Block body) {
        int block = rowsInBlock(cost);
        loop.run(Math.ceilDiv(rows, block), (piece, worker) -> {
            int from = piece * block;
            body.run(from, Math.min(rows, from + block), worker);
        });
    }
}
