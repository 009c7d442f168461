package torrefy.tokenizer.corpus.clean;

/// What a [DocumentCleaner] does to a document.
///
/// @param minimumBytes a document shorter than this, white space at its ends not counted, is dropped
/// @param invalidShare a document with more bytes than this share outside well-formed UTF-8 is dropped; in others they
///     are replaced by U+FFFD
/// @param removeLicenceHeaders whether a comment at the beginning that speaks of copyright or licence is removed
/// @param normalize whether other encodings are recognized and decoded, characters composed (NFC), and runs of blanks
///     shortened
public record CleaningRules(int minimumBytes, double invalidShare, boolean removeLicenceHeaders, boolean normalize) {}
