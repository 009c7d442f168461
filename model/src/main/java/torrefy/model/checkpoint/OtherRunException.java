package torrefy.model.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// A checkpoint belongs to another run than the one that wanted to go on from it: to another model, another text,
/// another tokenizer. The message is one line that names what differs, with both values.
public final class OtherRunException extends IOException {

    private static final long serialVersionUID = 1;

    OtherRunException(List<RunFacts.Change> changes) {
        super(changes.stream()
                .map(change -> change.name() + " was " + change.before() + ", is now " + change.now())
                .collect(Collectors.joining("; ")));
    }
}
