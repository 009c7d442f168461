package torrefy.model.checkpoint;

import java.util.List;

/// The tokenizer that a GGUF file carries: a byte-level BPE.
///
/// @param splitting what llama.cpp calls the pattern by which text is cut into pieces, for instance `gpt-2`
/// @param tokens by id, in the byte-level alphabet, in which a space is `Ġ`
/// @param types by id: 1 for a normal token, 3 for one that stands for no text, 4 for a word that was added, 5 for an
/// id that is not used
/// @param merges in the order in which they were learned, two tokens with a space between
/// @param marks around a document
public record GgufTokens(String splitting, List<String> tokens, int[] types, List<String> merges, DocumentMarks marks) {

    public GgufTokens {
        if (types.length != tokens.size()) {
            throw new IllegalArgumentException(tokens.size() + " tokens cannot have " + types.length + " types");
        }
    }
}
