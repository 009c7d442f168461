package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

    @TempDir
    Path folder;

    private Document page() throws IOException {
        Path input = SmallFiles.make(folder.resolve("input"));
        Files.writeString(input.resolve("<script>.txt"), "<script>alert('word');</script> word ".repeat(50));
        CorpusBuild.run(SmallFiles.settings(input), folder.resolve("out"), 2, line -> {});
        return Jsoup.parse(Files.readString(folder.resolve("out/report.html")));
    }

    @Test
    void itShowsWhatHappenedWithoutNeedingAnythingElse() throws IOException {
        Document page = page();
        String text = page.text();
        for (String part : new String[] {
            "tokens to train on",
            "to train on: ",
            "cut out of documents that stay: ",
            "read: 100.0 %",
            "98 documents",
            "exact duplicates",
            "near duplicates",
            "mask-personal",
            "nearly/2",
            "is near to",
            "encoding, packing",
            "MB/s",
            "could not be read",
            "broken.zip: cannot be read as a zip"
        }) {
            assertTrue(text.contains(part), part + " in " + text);
        }
        assertEquals(0, page.select("[src], [href], link, iframe").size(), "it needs something else");
        assertEquals(0, page.select("script").size(), "a text of the corpus became a part of the page");
        assertTrue(text.contains("<script>.txt"), text);
    }

    /// Nothing sticks out of a chart, nothing is turned upside down.
    @Test
    void allThatIsDrawnLiesInItsChart() throws IOException {
        Document page = page();
        assertEquals(6, page.select("svg").size());
        for (Element chart : page.select("svg")) {
            String[] box = chart.attr("viewBox").split(" ");
            assertTrue(chart.select("rect").size() > 2);
            for (Element rectangle : chart.select("rect")) {
                double width = number(rectangle, "width");
                double height = number(rectangle, "height");
                assertTrue(width > 0 && height >= 0, rectangle.toString());
                double right = number(rectangle, "x") + width;
                double bottom = number(rectangle, "y") + height;
                assertTrue(right <= Double.parseDouble(box[2]) && bottom <= Double.parseDouble(box[3]));
            }
            for (Element label : chart.select("text")) {
                assertTrue(number(label, "y") > 0 && number(label, "x") < Double.parseDouble(box[2]));
            }
        }
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.attr(attribute));
    }

    @Test
    void numbersAreWrittenForPeople() {
        assertEquals("812 B", Figures.bytes(812));
        assertEquals("-3.4 KB", Figures.bytes(-3400));
        assertEquals("74.5 MB", Figures.bytes(74_500_000));
        assertEquals("1.25 GB", Figures.bytes(1_250_000_000));
        assertEquals("1 document", Figures.documents(1));
        assertEquals("12,345 documents", Figures.documents(12_345));
        assertEquals("9.9 K", Figures.count(9_900));
        assertEquals("56 K", Figures.count(56_000));
        assertEquals("1.2 M", Figures.count(1_200_000));
        assertEquals("4 K", Histogram.label(12));
    }
}
