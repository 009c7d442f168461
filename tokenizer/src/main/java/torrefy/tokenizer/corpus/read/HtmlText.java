package torrefy.tokenizer.corpus.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import torrefy.tokenizer.Utf8;

/// The main content of a web page, as plain text with a line for each block.
///
/// Left out are elements that never hold content (scripts, navigation, forms, headers and footers of the page), and
/// blocks of many links: where more than half of the characters stand inside links, a list is a menu (link density,
/// Kohlschütter et al., *Boilerplate Detection using Shallow Text Features*, 2010). If the page marks its content
/// (`main`, `article`), only that is read, provided that it holds a fair part of the text.
final class HtmlText {

    private static final String NEVER_CONTENT =
            "script, style, noscript, template, iframe, svg, nav, form, button, select,"
                    + " header, footer, aside, [role=navigation], [role=banner], [role=contentinfo], [aria-hidden=true],"
                    + " [hidden]";

    private static final double MOST_LINKED = 0.5;

    /// A marked content that holds less than this share of the text marks something else.
    private static final double FAIR_PART = 0.3;

    private HtmlText() {}

    /// @param encoding of the page; null if nothing is said of it, then it is UTF-8
    static byte[] of(byte[] html, Charset encoding) {
        Document page;
        try {
            page = Jsoup.parse(new ByteArrayInputStream(html), encoding == null ? null : encoding.name(), "");
        } catch (IOException e) {
            throw new UncheckedIOException("an array can be read", e);
        }
        page.select(NEVER_CONTENT).remove();
        Masses masses = Masses.of(page);
        page.select("ul, ol, table, div").stream()
                .filter(block -> masses.of(block).isMenu())
                .toList()
                .forEach(Node::remove);
        return Utf8.encode(new Lines().of(content(page)));
    }

    private static Element content(Document page) {
        Masses masses = Masses.of(page);
        int all = masses.of(page.body()).letters;
        return page.select("main, [role=main], article").stream()
                .filter(part -> masses.of(part).letters > FAIR_PART * all)
                .findFirst()
                .orElse(page.body());
    }

    /// What stands in an element and in those in it. White space does not count.
    private static final class Mass {
        private int letters;
        private int linkedLetters;
        private int links;
        private int paragraphs;

        private void add(Mass inner) {
            letters += inner.letters;
            linkedLetters += inner.linkedLetters;
            links += inner.links;
            paragraphs += inner.paragraphs;
        }

        boolean isMenu() {
            return paragraphs <= 1 && links > 2 && linkedLetters > MOST_LINKED * letters;
        }
    }

    /// The mass of each element, found in one walk however deep they lie in each other.
    private static final class Masses implements NodeVisitor {
        private final Map<Element, Mass> masses = new IdentityHashMap<>();

        static Masses of(Document page) {
            Masses all = new Masses();
            page.traverse(all);
            return all;
        }

        Mass of(Element element) {
            return masses.get(element);
        }

        @Override
        public void head(Node node, int depth) {
            if (node instanceof Element element) {
                masses.put(element, new Mass());
            } else if (node instanceof TextNode words && words.parent() instanceof Element parent) {
                of(parent).letters += (int) words.getWholeText()
                        .chars()
                        .filter(letter -> !Character.isWhitespace(letter))
                        .count();
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) {
                return;
            }
            Mass mass = of(element);
            switch (element.normalName()) {
                case "a" -> {
                    mass.links++;
                    mass.linkedLetters = mass.letters;
                }
                case "p" -> mass.paragraphs++;
                default -> {}
            }
            if (element.parent() != null) {
                of(element.parent()).add(mass);
            }
        }
    }

    /// Text with a line end around each block and a tab between the cells of a table.
    private static final class Lines implements NodeVisitor {
        private final StringBuilder text = new StringBuilder();

        String of(Element content) {
            content.traverse(this);
            return text.toString().strip() + "\n";
        }

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
                append(words);
            } else if (node instanceof Element element) {
                if (element.normalName().equals("br")) {
                    text.append('\n');
                } else if (element.isBlock() && !isCell(element)) {
                    breakLine(1);
                }
            }
        }

        private static boolean isCell(Element element) {
            return element.normalName().equals("td") || element.normalName().equals("th");
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) {
                return;
            }
            switch (element.normalName()) {
                case "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote" -> breakLine(2);
                case "td", "th" -> text.append('\t');
                default -> {
                    if (element.isBlock()) {
                        breakLine(1);
                    }
                }
            }
        }

        private void append(TextNode words) {
            boolean isVerbatim = words.parent() instanceof Element parent && parent.closest("pre") != null;
            String plain = isVerbatim ? words.getWholeText() : words.text();
            boolean afterBreak = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
            text.append(afterBreak && !isVerbatim ? plain.stripLeading() : plain);
        }

        private void breakLine(int lines) {
            int end = text.length();
            while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
                end--;
            }
            text.setLength(end);
            int have = 0;
            while (have < end && text.charAt(end - 1 - have) == '\n') {
                have++;
            }
            text.repeat('\n', end == 0 ? 0 : Math.max(0, lines - have));
        }
    }
}
