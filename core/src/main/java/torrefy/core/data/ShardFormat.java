package torrefy.core.data;

import java.nio.ByteBuffer;

/// The two forms of a token shard that llm.c knows: 256 little-endian `int32` of header, of which three are used
/// (magic number, version, number of tokens), then the tokens.
enum ShardFormat {
    /// GPT-2's: two bytes a token.
    U16(20240520, 1, Short.BYTES),
    /// Llama 3's: four bytes a token.
    U32(20240801, 7, Integer.BYTES);

    static final int HEADER_BYTES = 256 * Integer.BYTES;

    private static final int LARGEST_U16_VOCABULARY = 1 << 16;

    private final int magic;
    private final int version;
    private final int tokenBytes;

    ShardFormat(int magic, int version, int tokenBytes) {
        this.magic = magic;
        this.version = version;
        this.tokenBytes = tokenBytes;
    }

    static ShardFormat forVocabulary(int vocabularySize) {
        return vocabularySize <= LARGEST_U16_VOCABULARY ? U16 : U32;
    }

    int magic() {
        return magic;
    }

    int version() {
        return version;
    }

    int tokenBytes() {
        return tokenBytes;
    }

    /// Puts all 1024 bytes of the header into a little-endian buffer.
    void putHeader(ByteBuffer buffer, int length) {
        buffer.putInt(magic).putInt(version).putInt(length);
        for (int i = 3; i < 256; i++) {
            buffer.putInt(0);
        }
    }
}
