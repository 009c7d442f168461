package torrefy.tokenizer.corpus.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import torrefy.tokenizer.Utf8;

/// Markdown without what is not read: the block of settings at its head, comments, pictures, and where links lead.
/// Headings, emphasis, lists and code stay, because a model should learn to write them.
final class MarkdownText {

    private static final Pattern SETTINGS = Pattern.compile("\\A---\\R(?:.*\\R){0,200}?(?:---|\\.\\.\\.)\\R");
    private static final Pattern COMMENT = Pattern.compile("<!--(?s:.){0,100000}?-->");
    private static final Pattern PICTURE = Pattern.compile("!\\[[^\\]\\n]{0,2000}+\\]\\([^)\\n]{0,4000}+\\)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]\\n]{1,2000}+)\\]\\([^()\\n]{0,4000}+\\)");
    private static final Pattern LINK_TARGET =
            Pattern.compile("(?m)^ {0,3}\\[[^\\]\\n]{1,500}+\\]: \\S{1,4000}+.*\\R?");

    /// Code between fences (CommonMark 4.5), to the end of the text if none closes it.
    private static final Pattern FENCED =
            Pattern.compile("(?m)^ {0,3}(`{3,}|~{3,})[^`\\n]*\\n(?s:.)*?(?:^ {0,3}\\1[`~]*[ \\t\\r]*$|\\z)");

    private MarkdownText() {}

    /// Bytes that are not in their encoding, UTF-8 if none is said, are left as they are, for cleaning to judge.
    static Document of(Document markdown) {
        Charset encoding = markdown.encoding() == null ? StandardCharsets.UTF_8 : markdown.encoding();
        String text;
        try {
            text = encoding.newDecoder()
                    .decode(ByteBuffer.wrap(markdown.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return markdown;
        }
        text = SETTINGS.matcher(text).replaceFirst("");
        return markdown.withText(Utf8.encode(outsideFences(text)));
    }

    /// In code, `handlers[name](event)` is no link.
    private static String outsideFences(String text) {
        StringBuilder plain = new StringBuilder();
        int from = 0;
        Matcher fence = FENCED.matcher(text);
        while (fence.find()) {
            plain.append(withoutTargets(text.substring(from, fence.start()))).append(fence.group());
            from = fence.end();
        }
        return plain.append(withoutTargets(text.substring(from))).toString();
    }

    private static String withoutTargets(String prose) {
        String text = replace(prose, COMMENT, "<!--", "");
        text = replace(text, PICTURE, "![", "");
        text = replace(text, LINK, "](", "$1");
        return replace(text, LINK_TARGET, "]: ", "");
    }

    /// A pattern is tried at every character, so it is tried only if what it must find is there.
    private static String replace(String text, Pattern pattern, String needed, String replacement) {
        return text.contains(needed) ? pattern.matcher(text).replaceAll(replacement) : text;
    }
}
