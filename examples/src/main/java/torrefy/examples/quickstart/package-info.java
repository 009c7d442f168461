/// The quickstart, from raw text to a model that talks, in a few minutes.
///
/// ```java
/// PreparedText text = PreparedText.prepare(options, folder, backend.threads());
/// TransformerConfig config = options.model().config(text.tokenizer().vocabularySize());
/// Transformer model = options.model().build(config, backend, options.seed(), options.storage());
/// new Trainer(model, settings).train(batches, progress);
/// folder.saveModel(model, text.tokenizer());
/// ```
///
/// The one idea: each step leaves a file in the run's folder that the next one, or any other program, reads. Begin with
/// [torrefy.examples.quickstart.Quickstart]. How a run survives its process: [Saving], [Continuation], [Interruption],
/// and [KilledRun], which tries it.
package torrefy.examples.quickstart;
