package torrefy.model.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A question in words, as a line of a [ChoiceFile] holds it.
///
/// @param context what is given
/// @param endings what may follow it, without the space between
/// @param answer the number of the right one
public record ChoiceText(String context, List<String> endings, int answer) {

    /// The same in tokens: the context as the beginning of a text, and each ending behind a space. An ending counts as
    /// many
    /// bytes as it has in UTF-8, the space not among them.
    ///
    /// @param encode text to tokens
    /// @param startOfText the tokens that texts begin behind
    public Choice encoded(Function<String, int[]> encode, int... startOfText) {
        int[] start = IntStream.concat(IntStream.of(startOfText), IntStream.of(encode.apply(context)))
                .toArray();
        List<Choice.Ending> choices = endings.stream()
                .map(ending ->
                        new Choice.Ending(encode.apply(" " + ending), ending.getBytes(StandardCharsets.UTF_8).length))
                .toList();
        return new Choice(start, choices, answer);
    }
}
