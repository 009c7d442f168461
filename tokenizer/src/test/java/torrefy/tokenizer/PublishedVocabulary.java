package torrefy.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;

/// The vocabularies that jtokkit 1.1.0 carries: as jtokkit's encoders, and read by [TiktokenFile].
enum PublishedVocabulary {
    R50K(EncodingType.R50K_BASE),
    P50K(EncodingType.P50K_BASE),
    CL100K(EncodingType.CL100K_BASE),
    O200K(EncodingType.O200K_BASE);

    private final EncodingType type;

    PublishedVocabulary(EncodingType type) {
        this.type = type;
    }

    Encoding oracle() {
        return Encodings.newLazyEncodingRegistry().getEncoding(type);
    }

    byte[] file() throws IOException {
        try (InputStream in =
                Encodings.class.getResourceAsStream("/com/knuddels/jtokkit/" + type.getName() + ".tiktoken")) {
            return in.readAllBytes();
        }
    }

    Tokenizer tokenizer() throws IOException {
        return TiktokenFile.parse(file(), TiktokenFile.known(type.getName()));
    }
}
