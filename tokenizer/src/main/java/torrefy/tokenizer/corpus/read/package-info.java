/// From files to documents, whatever they are packed in.
///
/// ```java
/// DocumentSource source = DocumentSource.of(Path.of("corpus"), ReadingRules.standard().withExtraction(true));
/// source.read(sink);
/// ```
///
/// The key idea: the end of a name tells what a layer of a file is, layers nest, and a layer that cannot be read costs
/// itself and one line, never the run. Names inside archives are labels and nothing else. Read [DocumentSource] first,
/// then [Contents], which takes layers off.
package torrefy.tokenizer.corpus.read;
