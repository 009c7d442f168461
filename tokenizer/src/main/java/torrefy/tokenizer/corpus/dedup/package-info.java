/// Finds what stands in a corpus twice, or nearly twice.
///
/// ```java
/// MinHash hash = MinHash.standard();
/// int[] signature = hash.signature(view);
/// ```
///
/// The key idea: whatever is equal lies side by side once it is sorted, and a sort on disk needs no more heap for a
/// terabyte than for a megabyte. The order in which documents came does not matter to a sort, so it does not matter to
/// the result. Read [DiskSort] first, then [MinHash], then [NearDuplicates].
package torrefy.tokenizer.corpus.dedup;
