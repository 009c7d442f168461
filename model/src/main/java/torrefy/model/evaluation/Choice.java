package torrefy.model.evaluation;

import java.util.List;

/// A question in tokens: which of some endings continues a context?
///
/// @param context at least one token
/// @param endings at least two, none of them empty
/// @param answer the number of the right one
public record Choice(int[] context, List<Ending> endings, int answer) {

    /// @param tokens that continue the context
    /// @param bytes of text that they stand for
    public record Ending(int[] tokens, int bytes) {

        public Ending {
            if (tokens.length < 1 || bytes < 1) {
                throw new IllegalArgumentException("an ending has no text");
            }
        }
    }

    public Choice {
        if (context.length < 1) {
            throw new IllegalArgumentException("a question needs a context of at least one token");
        }
        if (endings.size() < 2 || answer < 0 || answer >= endings.size()) {
            throw new IllegalArgumentException("a question needs at least 2 endings, one of which is the answer; got "
                    + endings.size() + " and answer " + answer);
        }
        endings = List.copyOf(endings);
    }
}
