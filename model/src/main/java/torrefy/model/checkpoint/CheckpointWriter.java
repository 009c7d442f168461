package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.Library;
import torrefy.core.shape.Shape;
import torrefy.model.training.Trainer;

/// Writes a run's checkpoints without holding up its steps.
///
/// Between two steps [#save] takes a copy of everything ([CheckpointImage], one and the same memory each time) and
/// returns; a thread of its own, which rests nineteen twentieths of the time so that all processors are left to the
/// steps, computes checksums, writes a temporary file, forces it to the disk, renames it, forces the folder, and
/// deletes checkpoints that are no longer kept. If the one before is still being written, [#save] hurries it and
/// waits for it first: a run that saves more often than its disk can follow is slowed down, and never loses a
/// checkpoint or takes more memory.
///
/// A checkpoint that cannot be written, because the disk is full or the folder read-only, does not end the run: a line
/// says so, the checkpoints before it stay, and the next one is tried again.
public final class CheckpointWriter implements AutoCloseable {

    /// Bytes handed to the channel at a time.
    private static final long PART = 1 << 20;

    /// Bytes after which the disk is made to follow, so that it need not do all of the work at the end.
    private static final long FORCED = 1 << 26;

    private final CheckpointFolder folder;
    private final int keep;
    private final Trainer trainer;
    private final RunFacts facts;
    private final Consumer<String> complaints;
    private final CheckpointImage image;
    private final Pace pace = new Pace();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("torrefy-checkpoints").unstarted(task));
    private volatile CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

    /// @param keep how many of the newest are kept, beside the best; at least 1
    /// @param facts what the run was told
    /// @param complaints takes the line about a checkpoint that could not be written, in any thread
    public CheckpointWriter(
            CheckpointFolder folder, int keep, Trainer trainer, RunFacts facts, Consumer<String> complaints) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least 1 checkpoint must be kept, got " + keep);
        }
        this.folder = folder;
        this.keep = keep;
        this.trainer = trainer;
        this.facts = facts;
        this.complaints = complaints;
        this.image = new CheckpointImage(trainer.model().backend(), trainer.arrays());
    }

    /// Bytes of memory, beside the Java heap, in which copies are taken.
    public long imageBytes() {
        return image.bytes().byteSize();
    }

    /// Saves the run as it stands: to be called between two steps, by a listener for example.
    ///
    /// @param validationLoss after the last step; NaN if it was not measured
    /// @param notes strings that the program wants to know again
    /// @param files small files to keep along, by name
    public void save(double validationLoss, Map<String, String> notes, Map<String, byte[]> files) {
        flush();
        image.copy();
        CheckpointHeader header = new CheckpointHeader(Library.NAME, trainer.state(), validationLoss, facts, notes);
        Map<String, byte[]> attached = new LinkedHashMap<>(files);
        pace.hurry(false);
        last = CompletableFuture.supplyAsync(() -> written(header, attached), thread);
    }

    /// Whether the last checkpoint is still on its way to the disk.
    public boolean isWriting() {
        return !last.isDone();
    }

    /// Waits until the last checkpoint is on the disk. Any thread may.
    ///
    /// @return whether it is: false if it could not be written
    public boolean flush() {
        pace.hurry(true);
        return last.join();
    }

    private boolean written(CheckpointHeader header, Map<String, byte[]> files) {
        int step = header.state().step();
        try {
            Files.createDirectories(folder.path());
            write(folder.file(step), header, files);
            folder.prune(keep);
            return true;
        } catch (IOException e) {
            complaints.accept("the checkpoint of step " + step + " cannot be written (" + reason(e)
                    + "); training goes on, those before it are kept, and the next one is tried again");
            return false;
        }
    }

    private static String reason(IOException e) {
        String what = e.getMessage() == null
                ? ""
                : ": " + e.getMessage().lines().findFirst().orElse("");
        return e.getClass().getSimpleName().replace("Exception", "") + what;
    }

    private void write(Path target, CheckpointHeader header, Map<String, byte[]> files) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(image.tensors());
        Map<String, String> sums = new LinkedHashMap<>();
        pace.begin();
        for (StoredTensor tensor : image.tensors().values()) {
            sums.put(tensor.name(), Checksum.of(image.bytes(tensor)));
            pace.next();
        }
        long end = image.bytes().byteSize();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = Checkpoint.ATTACHED + file.getKey();
            int length = file.getValue().length;
            tensors.put(name, new StoredTensor(name, StoredType.U8, Shape.of(length), end, end + length));
            sums.put(name, Checksum.of(MemorySegment.ofArray(file.getValue())));
            end += length;
        }
        byte[] json = header.withTensors(tensors, sums).toJson();
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (AtomicFile file = AtomicFile.create(target)) {
            write(file.channel(), length.putLong(json.length).flip());
            write(file.channel(), ByteBuffer.wrap(json));
            for (long from = 0; from < image.bytes().byteSize(); from += PART) {
                long count = Math.min(PART, image.bytes().byteSize() - from);
                write(file.channel(), image.bytes().asSlice(from, count).asByteBuffer());
                pace.next();
                if (from % FORCED == 0) {
                    file.channel().force(false);
                }
            }
            for (byte[] bytes : files.values()) {
                write(file.channel(), ByteBuffer.wrap(bytes));
            }
            file.commit();
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Waits until the last checkpoint is on the disk, and gives the memory back.
    @Override
    public void close() {
        flush();
        thread.close();
        image.close();
    }
}
