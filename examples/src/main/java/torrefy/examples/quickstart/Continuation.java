package torrefy.examples.quickstart;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import torrefy.model.checkpoint.Checkpoint;
import torrefy.model.checkpoint.CheckpointFolder;
import torrefy.model.checkpoint.RunFacts;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingState;

/// Where a run goes on: at its last good checkpoint, or at the beginning.
final class Continuation implements AutoCloseable {

    private final RunFolder folder;
    private final Optional<Checkpoint> checkpoint;
    private List<RunFacts.Change> changes = List.of();

    private Continuation(RunFolder folder, Optional<Checkpoint> checkpoint) {
        this.folder = folder;
        this.checkpoint = checkpoint;
    }

    /// Looks for the last good checkpoint. Says on stdout if newer ones are damaged, or if there is none yet.
    ///
    /// @param resume whether to look; if not, the run is a new one
    /// @throws IOException if there are checkpoints, and none is good
    static Continuation of(RunFolder folder, boolean resume) throws IOException {
        if (!resume) {
            return new Continuation(folder, Optional.empty());
        }
        CheckpointFolder.Search search = folder.checkpoints().search();
        List<String> damaged = search.damaged();
        String more = damaged.size() > 1 ? ", and " + (damaged.size() - 1) + " more are damaged" : "";
        if (search.newestGood().isPresent()) {
            int step = search.newestGood().get().state().step();
            if (!damaged.isEmpty()) {
                System.out.println(damaged.getFirst() + more + ": the steps after " + step + " are lost");
            }
            System.out.println("the run goes on after step " + step);
        } else if (damaged.isEmpty()) {
            System.out.println("there is no checkpoint yet: training begins at step 1");
        } else {
            throw new IOException("no checkpoint of this run is good (" + damaged.getFirst() + more
                    + "): put one back from a copy, or begin the run anew with --overwrite in place of --resume");
        }
        return new Continuation(folder, search.newestGood());
    }

    /// What the last process noted of its clock.
    Map<String, String> notes() {
        return checkpoint.map(Checkpoint::notes).orElse(Map.of());
    }

    /// The metrics of the steps that the run has behind it.
    byte[] metrics() throws IOException {
        return checkpoint.isEmpty() ? new byte[0] : checkpoint.get().attachment(Saving.METRICS);
    }

    /// Gives a trainer what it had, and says on stdout what it is told otherwise now.
    ///
    /// @throws OtherRunException if this is another run's folder
    TrainingState restore(Trainer trainer, RunFacts facts) throws IOException {
        if (checkpoint.isEmpty()) {
            return TrainingState.START;
        }
        changes = checkpoint.get().changesTo(facts);
        changes.forEach(System.out::println);
        TrainingState state = checkpoint.get().restore(trainer);
        folder.checkpoints().goOnFrom(state.step());
        return state;
    }

    /// A line for the metrics, if the run goes on.
    String event() {
        if (checkpoint.isEmpty()) {
            return "";
        }
        String list = changes.stream()
                .map(change -> '"' + change.toString().replaceAll("[\"\\\\]", "'") + '"')
                .collect(Collectors.joining(","));
        return "{\"resumed_after\":" + checkpoint.get().state().step() + ",\"changes\":[" + list + "]}\n";
    }

    @Override
    public void close() {
        checkpoint.ifPresent(Checkpoint::close);
    }
}
