/// What is good enough to learn from: rules that others have published, each in a small class with its source.
///
/// ```java
/// FilterChain chain = FilterCatalogue.chain(List.of("gopher-quality", "mask-personal"));
/// Verdict verdict = chain.judge(text, TextForm.PROSE);
/// ```
///
/// The key idea: a filter is a pure function of one text, so any number of threads may ask it, and what it counts the
/// caller counts. The words and lines of a text are found once and shared ([TextView]). Read [TextFilter] first, then
/// [GopherQuality] as an example; [FilterCatalogue] lists all by name, and the profiles for prose and for code.
package torrefy.tokenizer.corpus.filter;
