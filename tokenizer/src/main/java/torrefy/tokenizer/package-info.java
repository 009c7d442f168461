/// Byte-level byte-pair encoding: from text to token ids and back.
///
/// ```java
/// BpeTrainer trainer = new BpeTrainer(BpeConfig.of(4096));
/// texts.forEach(trainer::add);
/// Tokenizer tokenizer = trainer.train();
/// TokenizerJson.write(tokenizer, Path.of("tokenizer.json"));
/// String same = tokenizer.decodeText(tokenizer.encode("any text at all"));
/// ```
///
/// The key idea: the alphabet is the 256 byte values, so every input has an encoding and decoding gives back every
/// byte; frequent neighbours are then merged into longer tokens. Read [Tokenizer] first, then [BpeTrainer].
package torrefy.tokenizer;
