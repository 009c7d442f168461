/// Token shards: the files of token ids that a tokenizer writes and a training run maps into memory.
///
/// ```java
/// try (TokenShardWriter writer = TokenShardWriter.create(Path.of("train.bin"), vocabularySize)) {
///     writer.write(tokens, 0, tokens.length);
///     writer.commit();
/// }
/// try (TokenShard shard = TokenShard.open(Path.of("train.bin"))) { shard.read(0, window, 0, window.length); }
/// ```
///
/// The key idea: a file either is complete under its final name or does not exist under it ([AtomicFile]), so a reader
/// never meets half a shard. Read [TokenShard] first: it states the format.
package torrefy.core.data;
