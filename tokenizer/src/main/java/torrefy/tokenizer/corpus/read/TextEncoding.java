package torrefy.tokenizer.corpus.read;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// In which encoding a text says that it is. What is nearest to the text counts: its byte order mark, then the server
/// that sent it, then the page itself, and last what the user has declared for texts that say nothing.
public final class TextEncoding {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

    /// A page must name its encoding in its first 1024 bytes (HTML Living Standard, 4.2.5.4).
    private static final int HEAD_BYTES = 1024;

    private static final Pattern IN_PAGE =
            Pattern.compile("(?i)<meta\\b[^>]{0,500}?\\bcharset\\s*=\\s*[\"']?\\s*([^\\s\"'/>;]+)"
                    + "|\\A\\s*<\\?xml\\b[^>]{0,200}?\\bencoding\\s*=\\s*[\"']([^\"'>]+)");

    private TextEncoding() {}

    /// The encoding of that name; null if this Java knows none.
    public static Charset named(String name) {
        try {
            return Charset.isSupported(name) ? Charset.forName(name) : null;
        } catch (IllegalCharsetNameException e) {
            return null;
        }
    }

    /// What a server or a page means by that name: pages that say Latin-1 or ASCII use the letters that windows-1252
    /// has beyond them, curly quotes above all, and browsers read them so (Encoding Standard, 4.2). Null as of
    /// [#named].
    static Charset onTheWeb(String name) {
        Charset said = named(name);
        return StandardCharsets.ISO_8859_1.equals(said) || StandardCharsets.US_ASCII.equals(said) ? WINDOWS_1252 : said;
    }

    /// The encoding that a byte order mark tells; null if there is none.
    public static Charset marked(byte[] text) {
        int first = at(text, 0) << 8 | at(text, 1);
        int second = at(text, 2) << 8 | at(text, 3);
        if (first == 0xFEFF) {
            return StandardCharsets.UTF_16BE;
        }
        if (first == 0xFFFE) {
            return text.length >= 4 && second == 0 ? UTF_32LE : StandardCharsets.UTF_16LE;
        }
        if (first == 0 && second == 0xFEFF) {
            return UTF_32BE;
        }
        return first == 0xEFBB && at(text, 2) == 0xBF ? StandardCharsets.UTF_8 : null;
    }

    private static int at(byte[] bytes, int i) {
        return i < bytes.length ? bytes[i] & 0xff : 0;
    }

    /// @param text its beginning
    /// @param server what the server said, or null
    /// @param otherwise for a text that nothing is said of; may be null
    static Charset of(byte[] text, TextForm form, Charset server, Charset otherwise) {
        Charset said = marked(text);
        said = said == null ? server : said;
        said = said == null && form == TextForm.HTML ? inPage(text) : said;
        return said == null ? otherwise : said;
    }

    /// What a page says of itself. It could be read so far as if it were ASCII, so it is not UTF-16, whatever it says.
    private static Charset inPage(byte[] html) {
        String head = new String(html, 0, Math.min(html.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
        Matcher found = IN_PAGE.matcher(head);
        if (!found.find()) {
            return null;
        }
        Charset said = onTheWeb(found.group(1) == null ? found.group(2) : found.group(1));
        return said != null && said.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : said;
    }
}
