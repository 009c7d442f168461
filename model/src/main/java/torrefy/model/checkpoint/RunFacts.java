package torrefy.model.checkpoint;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.model.training.Batches;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// What a run was told, as names and values: so that a checkpoint is only continued by a run that means the same.
///
/// A configuration is a record, and a record is its components: `TransformerConfig` with 4 layers becomes the fact
/// `model.layers = 4`, whatever else a configuration may come to have.
///
/// @param fixed what must not change, because the run would be another one
/// @param free what may change, and is noted when it does
public record RunFacts(Map<String, String> fixed, Map<String, String> free) {

    /// A free fact that is not what it was.
    public record Change(String name, String before, String now) {

        @Override
        public String toString() {
            return name + " was " + before + ", is now " + now;
        }
    }

    public RunFacts {
        fixed = Map.copyOf(fixed);
        free = Map.copyOf(free);
    }

    /// What a trainer and its batches say: the model, how it is stored, optimizer, seeds, sizes, all fixed; free are
    /// the learning rate, the guard, the backend, and whether blocks are recomputed. The length of the run and the
    /// hashes of its files are for the caller to add.
    public static RunFacts of(Trainer trainer, Batches batches) {
        TrainingSettings settings = trainer.settings();
        Map<String, String> fixed = new LinkedHashMap<>();
        put(fixed, "model", trainer.model().config());
        put(fixed, "storage", trainer.model().storage());
        put(fixed, "optimizer", settings.optimizer());
        put(fixed, "clip", settings.clip());
        put(fixed, "accumulation", settings.accumulation());
        put(fixed, "seed", settings.seed());
        if (settings.documentStart() != TrainingSettings.ACROSS_DOCUMENTS) {
            put(fixed, "attention", "within documents, which token " + settings.documentStart() + " begins");
        }
        put(fixed, "batches.sequences", batches.sequences());
        put(fixed, "batches.length", batches.length());
        put(fixed, "batches.seed", batches.seed());
        put(fixed, "corpus.tokens", batches.sourceTokens());
        Map<String, String> free = new LinkedHashMap<>();
        put(free, "schedule", settings.schedule());
        put(free, "guard", settings.guard());
        put(free, "recompute", settings.recompute());
        put(free, "backend", trainer.model().backend().name());
        return new RunFacts(fixed, free);
    }

    private static void put(Map<String, String> facts, String name, Object value) {
        if (!(value instanceof Record)) {
            facts.put(name, String.valueOf(value));
            return;
        }
        if (value.getClass().getInterfaces().length > 0) {
            // One of several kinds: which one is a fact, too.
            facts.put(name, value.getClass().getSimpleName());
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                put(
                        facts,
                        name + "." + component.getName(),
                        component.getAccessor().invoke(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(name + ": " + value.getClass() + " must be public", e);
            }
        }
    }

    /// These and one more that must not change.
    public RunFacts withFixed(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(fixed);
        put(more, name, value);
        return new RunFacts(more, free);
    }

    /// These and one more that may change.
    public RunFacts withFree(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(free);
        put(more, name, value);
        return new RunFacts(fixed, more);
    }

    /// Compares these facts, a run's that is to go on, with those of the run `before` it.
    ///
    /// @return the free facts that changed, by name
    /// @throws OtherRunException naming every fixed fact that changed, with both values
    public List<Change> changesSince(RunFacts before) throws OtherRunException {
        List<Change> refused = differences(before.fixed, fixed);
        if (!refused.isEmpty()) {
            throw new OtherRunException(refused);
        }
        return differences(before.free, free);
    }

    private static List<Change> differences(Map<String, String> before, Map<String, String> now) {
        Map<String, String> all = new LinkedHashMap<>(before);
        now.forEach(all::putIfAbsent);
        List<Change> changes = new ArrayList<>();
        all.keySet().stream().sorted().forEach(name -> {
            String old = before.getOrDefault(name, "not said");
            String current = now.getOrDefault(name, "not said");
            if (!old.equals(current)) {
                changes.add(new Change(name, old, current));
            }
        });
        return changes;
    }
}
