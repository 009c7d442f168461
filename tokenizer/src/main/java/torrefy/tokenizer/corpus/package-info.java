/// From files to clean documents to token shards.
///
/// ```java
/// Corpus corpus = Corpus.collect(DocumentSource.of(path), CleaningConfig.standard());
/// System.out.println(corpus.report());
/// corpus.training().forEach(document -> trainer.add(document.bytes()));
/// CorpusTokenizer encoder = new CorpusTokenizer(trainer.train(), threads);
/// encoder.write(corpus.training(), Path.of("train.bin"));
/// ```
///
/// The key idea: what becomes of a document depends on its contents alone, never on where it stands. Whether it is held
/// out for validation is decided by a hash of its cleaned text, so adding documents moves none from one side to the
/// other. Read [Corpus] first, then [torrefy.tokenizer.corpus.clean.DocumentCleaner]. Such a corpus is in memory; a
/// larger one, better filtered, is made on disk by [torrefy.tokenizer.corpus.build].
package torrefy.tokenizer.corpus;
