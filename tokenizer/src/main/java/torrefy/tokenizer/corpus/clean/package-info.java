/// From bytes to clean text, one document at a time.
///
/// ```java
/// Cleaned cleaned = new DocumentCleaner(rules).clean(document);
/// ```
///
/// The key idea: what cleaning did is a value beside the text, so any number of threads can clean and one can count.
/// Read [DocumentCleaner] first.
package torrefy.tokenizer.corpus.clean;
