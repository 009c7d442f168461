package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;
import torrefy.tokenizer.Utf8;

/// The pages of a web archive (ISO 28500): what servers answered with HTML or plain text, and the texts that others
/// have extracted from it (WET). jwarc unpacks the records, each of which may be compressed by itself.
record WebArchive(ReadingRules rules, DocumentSink sink) {

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
                pass(source, text.target(), from, TextForm.PROSE, text.body().stream(), null);
            } else if (record instanceof WarcResponse response
                    && response.http().status() == 200) {
                MediaType type = response.http().contentType();
                TextForm form = type.base().equals(MediaType.HTML) ? TextForm.HTML : TextForm.PROSE;
                if (form == TextForm.HTML || type.base().equals(MediaType.PLAIN_TEXT)) {
                    InputStream body = response.http().bodyDecoded().stream();
                    pass(
                            source,
                            response.target(),
                            from,
                            form,
                            body,
                            type.parameters().get("charset"));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            sink.unreadable(source + " byte " + from, "a record that cannot be read: " + e.getMessage());
        }
    }

    private void pass(String source, String target, long from, TextForm form, InputStream body, String charset)
            throws IOException {
        String name = Contents.label(source, target);
        byte[] bytes = body.readNBytes(sink.largestDocument() + 1);
        if (bytes.length > sink.largestDocument()) {
            sink.tooLarge(name, -1);
            return;
        }
        byte[] text = rules.extract() && form == TextForm.HTML
                ? HtmlText.of(bytes, charset)
                : charset == null || !Charset.isSupported(charset)
                        ? bytes
                        : Utf8.encode(new String(bytes, Charset.forName(charset)));
        sink.document(new Document(name, form, from, from + bytes.length, text));
    }
}
