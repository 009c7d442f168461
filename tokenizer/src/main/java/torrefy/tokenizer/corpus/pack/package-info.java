/// From tokenized documents to shards, and from a token back to its document.
///
/// ```java
/// try (ShardSeries shards = new ShardSeries(folder, "train", vocabularySize, 100_000_000)) {
///     Packing packing = Packing.bestFit(shards, 1024, endOfText);
///     packing.add(document, tokens);
///     packing.finish();
/// }
/// Trace trace = Trace.find(folder.resolve("train-00000.bin"), 123_456);
/// ```
///
/// The key idea: shards are plain llm.c files without anything of ours in them; beside each lies a file of JSON lines
/// that says for every run of tokens which document they are. Read [ShardSeries] first, then [Packing].
package torrefy.tokenizer.corpus.pack;
