package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.RunLength;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

class CheckpointCostTest {

    /// Whatever the family, and however things are stored.
    @Test
    void aCheckpointIsAsLargeAsEverythingThatATrainerNames() {
        for (TransformerConfig config :
                List.of(TransformerConfig.gpt2(207, 31, 2, 2, 62), TransformerConfig.llama(207, 31, 2, 4, 2, 64, 96))) {
            for (DataType weights : List.of(DataType.F32, DataType.BF16)) {
                for (DataType moments : List.of(DataType.F32, DataType.BF16)) {
                    Storage storage = new Storage(weights, moments, DataType.F32);
                    Transformer model = Transformer.undrawn(config, new PlanningBackend(), storage);
                    Trainer trainer = new Trainer(model, TrainingSettings.standard(RunLength.steps(1), 1));
                    long named = trainer.arrays().values().stream()
                            .mapToLong(array ->
                                    (long) array.elements() * array.type().bytes())
                            .sum();
                    assertEquals(named, CheckpointCost.runBytes(config, storage), config + " " + storage);
                }
            }
        }
    }
}
