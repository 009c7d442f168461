package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/// The pages of a web archive (ISO 28500): what servers answered with HTML or plain text, and the texts that others
/// have extracted from it (WET). jwarc unpacks the records, each of which may be compressed by itself.
record WebArchive(ReadingRules rules, DocumentSink sink) {

    /// Servers send anything; jwarc's parser of media types breaks on some of it.
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\\s\"';]+)");

    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");

    void read(String source, InputStream in) throws IOException {
        // Not closed: it would close a stream that is not ours.
        @SuppressWarnings("resource")
        WarcReader reader = new WarcReader(in);
        try {
            Optional<WarcRecord> record = reader.next();
            while (record.isPresent() && !sink.hasEnough()) {
                long from = reader.position();
                readRecord(source, from, record.get());
                record = reader.next();
            }
        } catch (ParsingException e) {
            throw new IOException("is no web archive from byte " + reader.position() + " on", e);
        }
    }

    private void readRecord(String source, long from, WarcRecord record) {
        try {
            if (record instanceof WarcConversion text) {
                pass(source, text.target(), from, TextForm.PROSE, text.body().stream(), null, null);
            } else if (record instanceof WarcResponse response
                    && response.http().status() == 200) {
                String type = response.http().headers().first("Content-Type").orElse("");
                String base = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
                TextForm form = HTML.contains(base) ? TextForm.HTML : TextForm.PROSE;
                if (form == TextForm.HTML || base.equals("text/plain")) {
                    InputStream body = response.http().bodyDecoded().stream();
                    Matcher charset = CHARSET.matcher(type);
                    Charset server = charset.find() ? TextEncoding.onTheWeb(charset.group(1)) : null;
                    pass(source, response.target(), from, form, body, server, rules.encoding());
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            sink.unreadable(source + " byte " + from, "a record that cannot be read: " + e.getMessage());
        }
    }

    /// @param server in which encoding the server said that it is, or null
    /// @param otherwise the encoding, if neither the server nor the page says it
    private void pass(
            String source, String target, long from, TextForm form, InputStream body, Charset server, Charset otherwise)
            throws IOException {
        String name = Contents.label(source, target);
        byte[] bytes = body.readNBytes(sink.largestDocument() + 1);
        if (bytes.length > sink.largestDocument()) {
            sink.tooLarge(name, -1);
            return;
        }
        Charset encoding = TextEncoding.of(bytes, form, server, otherwise);
        Document page = new Document(name, form, from, from + bytes.length, bytes, encoding);
        sink.document(rules.extract() && form == TextForm.HTML ? page.withText(HtmlText.of(bytes, encoding)) : page);
    }
}
