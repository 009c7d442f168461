package torrefy.tokenizer.corpus;

import torrefy.tokenizer.corpus.clean.CleaningRules;

/// What a corpus is cleaned of, and how it is divided.
///
/// @param minimumBytes a document shorter than this, white space at its ends not counted, is dropped
/// @param largestDocument a document longer than this many bytes is not read
/// @param invalidShare a document with more bytes than this share outside well-formed UTF-8 is dropped; in others they
///     are replaced by U+FFFD
/// @param removeLicenceHeaders whether a comment at the beginning that speaks of copyright or licence is removed
/// @param validationFraction the share of documents held out for validation
/// @param byteLimit once this many bytes are kept, nothing more is read
public record CleaningConfig(
        int minimumBytes,
        int largestDocument,
        double invalidShare,
        boolean removeLicenceHeaders,
        double validationFraction,
        long byteLimit) {

    public CleaningConfig {
        if (minimumBytes < 1 || largestDocument < minimumBytes || largestDocument > 1 << 30) {
            throw new IllegalArgumentException("document sizes must be 1 <= minimum <= largest <= 2^30, got minimum "
                    + minimumBytes + " and largest " + largestDocument);
        }
        if (!(invalidShare >= 0 && invalidShare <= 1)) {
            throw new IllegalArgumentException("share of invalid bytes must be in [0, 1], got " + invalidShare);
        }
        if (!(validationFraction >= 0 && validationFraction < 1)) {
            throw new IllegalArgumentException("validation fraction must be in [0, 1), got " + validationFraction);
        }
        if (byteLimit < 1) {
            throw new IllegalArgumentException("byte limit must be at least 1, got " + byteLimit);
        }
    }

    /// Documents of 32 bytes to 16 MiB, a thousandth of invalid bytes, no licence headers, one document in fifty held
    /// out, no limit.
    public static CleaningConfig standard() {
        return new CleaningConfig(32, 1 << 24, 0.001, true, 0.02, Long.MAX_VALUE);
    }

    /// The part of it that concerns a document by itself.
    CleaningRules rules() {
        return new CleaningRules(minimumBytes, invalidShare, removeLicenceHeaders, false);
    }

    public CleaningConfig withMinimumBytes(int bytes) {
        return new CleaningConfig(
                bytes, largestDocument, invalidShare, removeLicenceHeaders, validationFraction, byteLimit);
    }

    public CleaningConfig withLargestDocument(int bytes) {
        return new CleaningConfig(
                minimumBytes, bytes, invalidShare, removeLicenceHeaders, validationFraction, byteLimit);
    }

    public CleaningConfig withInvalidShare(double share) {
        return new CleaningConfig(
                minimumBytes, largestDocument, share, removeLicenceHeaders, validationFraction, byteLimit);
    }

    public CleaningConfig withLicenceHeadersRemoved(boolean remove) {
        return new CleaningConfig(minimumBytes, largestDocument, invalidShare, remove, validationFraction, byteLimit);
    }

    public CleaningConfig withValidationFraction(double fraction) {
        return new CleaningConfig(
                minimumBytes, largestDocument, invalidShare, removeLicenceHeaders, fraction, byteLimit);
    }

    public CleaningConfig withByteLimit(long bytes) {
        return new CleaningConfig(
                minimumBytes, largestDocument, invalidShare, removeLicenceHeaders, validationFraction, bytes);
    }
}
