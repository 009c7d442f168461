/// Whether a corpus build finds what it should: a corpus of JDK sources and other text with planted duplicates, near
/// duplicates, broken files, personal data and evaluation texts is built, and what became of each is counted.
///
/// ```shell
/// mvn -q -Pcorpus -pl benchmarks -am compile exec:exec
/// mvn -q -Pcorpus -pl benchmarks -am compile exec:exec -Dcorpus.args="1000 FOLDER"
/// ```
///
/// The key idea: how alike two planted documents are is known exactly, from the sets of their shingles, before the
/// build estimates it. Begin with [torrefy.benchmarks.corpus.CorpusTable].
package torrefy.benchmarks.corpus;
