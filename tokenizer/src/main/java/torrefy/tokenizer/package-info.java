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
/// byte; frequent neighbours are then merged into longer tokens. A text in which `low` stands 5 times, `lower` 2 times,
/// `newest` 6 times and `widest` 3 times teaches, merge by merge:
///
/// | token | pair | stands | because | after it |
/// |---|---|---|---|---|
/// | 256 | `e` `s` | 9 times | as often as `s` `t`; `e` is before `s` | `l o w`, `l o w e r`, `n e w es t`, … |
/// | 257 | `es` `t` | 9 times | the most frequent | `l o w`, `l o w e r`, `n e w est`, `w i d est` |
/// | 258 | `l` `o` | 7 times | as often as `o` `w` | `lo w`, `lo w e r`, `n e w est`, `w i d est` |
/// | 259 | `lo` `w` | 7 times | the most frequent | `low`, `low e r`, `n e w est`, `w i d est` |
/// | 260 | `e` `w` | 6 times | as often as `n` `e` and `w` `est` | `low`, `low e r`, `n ew est`, `w i d est` |
///
/// So `lowest`, which was not in the text, becomes `low` `est`.
///
/// Read [Tokenizer][torrefy.tokenizer.Tokenizer] first, then [BpeTrainer][torrefy.tokenizer.BpeTrainer]. What makes
/// encoding fast, in the order in which a text meets it: pieces are found by scanners written by hand
/// (`PieceScanner`), most of them are known from before (`PieceCache`), a few are merged (`PieceEncoder`), and very
/// long ones are encoded without merging (`LongPiece`). What makes training fast: a merge touches the places where its
/// pair stands and nothing else (`TrainingPieces`).
package torrefy.tokenizer;
