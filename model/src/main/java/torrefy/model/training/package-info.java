/// The way from a long row of token ids to trained weights.
///
/// ```java
/// Transformer gpt = new Transformer(TransformerConfig.gpt2(256, 64, 2, 4, 64), Backends.standard(), 1);
/// int[] tokens = "To be, or not to be, that is the question. ".repeat(99).chars().toArray();
/// Batches batches = new Batches(TokenSource.of(tokens), 8, 64, 1);
/// TrainingSettings settings = TrainingSettings.standard(RunLength.steps(100), 3e-3f);
/// new Trainer(gpt, settings).train(batches, report -> System.out.println(report.step() + " " + report.loss()));
/// ```
///
/// The key idea: a step is a function of the weights, the seed and its number. [Batches] computes which windows of the
/// text a step reads, dropout computes its mask, and nothing is drawn from a stream that somebody else draws from,
/// too; so a run is the same on one thread and on eight. A step that meets a number that is not finite changes
/// nothing, and says where it met it; what else a [DivergenceGuard] leaves out is for the settings to say. For the same
/// reason a run can stop between two steps and go on elsewhere, to the same bits: [TrainingState].
///
/// Read [Trainer] first: its loop fits on a screen. [MemoryEstimate] says beforehand what a step takes of
/// memory.
package torrefy.model.training;
