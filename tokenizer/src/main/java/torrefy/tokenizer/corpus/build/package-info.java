/// Builds a corpus: from a heap of raw files to token shards, stage by stage.
///
/// ```java
/// CorpusInput input = new CorpusInput("books", Path.of("books"), 0);
/// CorpusReport report = CorpusBuild.run(BuildSettings.standard(List.of(input)), Path.of("out"), 2,
/// System.out::println);
/// System.out.println(report);
/// ```
///
/// The key idea: every stage reads files and writes a folder of files, which appears whole or not at all ([Pipeline]);
/// texts are written once and stay where they are, and what is sorted and decided about is their [Ticket]s. Read
/// [CorpusBuild] first, then the stages in order: [ReadStage], [ExactStage], [NearStage], [LinesStage], [OrderStage],
/// [TokenizerStage], [TokensStage].
package torrefy.tokenizer.corpus.build;
