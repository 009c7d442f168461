package torrefy.kernels.opencl;

/// What a kernel hands to the next one in memory that a [Queue] keeps for it: a stretch for each of these, so that no
/// two that are needed at once are the same.
enum Temporary {
    /// A reduction's results of parts.
    PARTS,
    /// The results of parts of those.
    PARTS_OF_PARTS,
    /// The sums of some rows of a matrix.
    ROWS_SUMMED,
    /// Sums of squares.
    SQUARES,
    /// Whether all is finite.
    FINITE,
    /// A product's left operand.
    PACKED_LEFT,
    /// The first index out of range.
    FIRST_INDEX,
    /// The gradients of a norm's weights, by parts of the rows.
    WEIGHT_GRADIENTS,
    /// `Σ dOut ⊙ out` of attention.
    DELTA,
    /// What is computed to measure the peak.
    PEAK
}
