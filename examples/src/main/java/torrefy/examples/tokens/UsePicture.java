package torrefy.examples.tokens;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import torrefy.examples.quickstart.Picture;
import torrefy.tokenizer.TokenUse;

/// The picture of vocabularies on the same text: bytes a token by script above, how long the tokens in the text are
/// below.
public final class UsePicture {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 380;
    private static final int SCRIPTS = 8;
    private static final int LONGEST = 15;
    private static final Color[] COLOURS = {
        new Color(0x1F, 0x5F, 0xA8),
        new Color(0xD0, 0x5A, 0x1E),
        new Color(0x3A, 0x8A, 0x4D),
        new Color(0x8A, 0x6A, 0xB0)
    };

    private UsePicture() {}

    /// Writes the picture as a PNG.
    ///
    /// @return whether it could be drawn; if not, a line on stdout says why
    public static boolean write(List<String> names, List<TokenUse> uses, Path file) throws IOException {
        if (!Picture.canBeDrawn(file)) {
            return false;
        }
        BufferedImage image = new BufferedImage(WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().drawImage(BitmapEncoder.getBufferedImage(byScript(names, uses)), 0, 0, null);
        image.createGraphics().drawImage(BitmapEncoder.getBufferedImage(byLength(names, uses)), 0, HEIGHT, null);
        Picture.write(image, file);
        return true;
    }

    private static CategoryChart byScript(List<String> names, List<TokenUse> uses) {
        var shares = uses.getFirst().byScript();
        List<UnicodeScript> scripts = shares.keySet().stream()
                .sorted(Comparator.<UnicodeScript>comparingLong(
                        script -> -shares.get(script).bytes()))
                .limit(SCRIPTS)
                .toList();
        CategoryChart chart = chart("Bytes a token, by script: more is better", "", "bytes a token");
        for (int i = 0; i < uses.size(); i++) {
            TokenUse use = uses.get(i);
            chart.addSeries(
                    names.get(i),
                    scripts.stream().map(UseTable::label).toList(),
                    scripts.stream()
                            .map(script -> use.byScript().containsKey(script)
                                    ? use.byScript().get(script).bytesPerToken()
                                    : 0)
                            .toList());
        }
        return chart;
    }

    private static CategoryChart byLength(List<String> names, List<TokenUse> uses) {
        CategoryChart chart = chart("How long the tokens in the text are", "bytes", "share of the tokens, %");
        List<String> lengths = IntStream.rangeClosed(1, LONGEST + 1)
                .mapToObj(length -> length > LONGEST ? "more" : String.valueOf(length))
                .toList();
        for (int i = 0; i < uses.size(); i++) {
            double all = uses.get(i).total().tokens();
            chart.addSeries(
                    names.get(i),
                    lengths,
                    Arrays.stream(uses.get(i).lengths(LONGEST))
                            .skip(1)
                            .mapToObj(count -> 100 * count / all)
                            .toList());
        }
        return chart;
    }

    private static CategoryChart chart(String title, String x, String y) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setSeriesColors(COLOURS);
        chart.getStyler().setAvailableSpaceFill(0.8);
        return chart;
    }
}
