package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A folder of small files that hold what a corpus has to cope with.
final class SmallFiles {

    private static final String[] WORDS =
            ("time year people way day man thing woman life child world school state family"
                            + " student group country problem hand part place case week company system program question work"
                            + " government number night point home water room mother area money story fact month lot right study")
                    .split(" ");

    private SmallFiles() {}

    /// Different every time, and good enough for all filters.
    static String prose(int seed, int sentences) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            text.append("The ").append(word(random)).append(" of the ").append(word(random));
            for (int j = random.nextInt(8); j >= 0; j--) {
                text.append(' ').append(word(random)).append(random.nextInt(1000));
            }
            text.append(" and that ")
                    .append(word(random))
                    .append(" have to be ")
                    .append(word(random))
                    .append(".\n");
        }
        return text.toString();
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    /// 60 texts and 20 sources, 10 of the texts twice, 5 nearly twice, and files that cannot be read.
    static Path make(Path folder) throws IOException {
        for (int i = 0; i < 60; i++) {
            write(folder, "texts/" + i + ".txt", prose(i, 12 + i % 7));
        }
        for (int i = 0; i < 10; i++) {
            write(folder, "again/" + i + ".txt", prose(i, 12 + i % 7));
        }
        for (int i = 20; i < 25; i++) {
            write(folder, "nearly/" + i + ".txt", prose(i, 12 + i % 7) + "The end.\n");
        }
        for (int i = 0; i < 20; i++) {
            write(
                    folder,
                    "code/A" + i + ".java",
                    "class A" + i + " {\n    int a" + i + " = " + i * 31 + ";\n    // by a" + i
                            + "@example.org, see there\n}\n");
        }
        write(folder, "lines.jsonl", "{\"text\": \"" + prose(900, 20).replace("\n", "\\n") + "\"}\nnonsense\n");
        write(folder, "broken.zip", "this is no zip");
        write(folder, "short.txt", "short");
        return folder;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static BuildSettings settings(Path... inputs) {
        List<CorpusInput> named = Arrays.stream(inputs)
                .map(path -> new CorpusInput(path.getFileName().toString(), path, 0))
                .toList();
        return BuildSettings.standard(named)
                .withMix(new BuildSettings.Mix(0.1, 7, 0, 2000))
                .withTokenizer(new BuildSettings.Tokens(null, 300, 1 << 16));
    }
}
