/// The quickstart, from raw text to a model that talks, in a few minutes.
///
/// ```java
/// PreparedText text = PreparedText.prepare(options, folder, backend.threads());
/// Transformer model = new Transformer(options.model(text.tokenizer().vocabularySize()), backend, options.seed());
/// new Trainer(model, settings).train(batches, progress);
/// HuggingFaceFolder.save(model, tokenizer.endOfText(), folder.path());
/// ```
///
/// The one idea: each step leaves a file in the run's folder that the next one, or any other program, reads. Begin with
/// [torrefy.examples.quickstart.Quickstart].
package torrefy.examples.quickstart;
