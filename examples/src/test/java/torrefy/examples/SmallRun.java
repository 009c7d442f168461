package torrefy.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// A quickstart of a second, for tests of whole commands.
final class SmallRun {

    private static final String SMALL = "--steps=6 --vocab=300 --layers=1 --width=16 --heads=2 --context=16 --batch=2";

    private SmallRun() {}

    /// Runs it on [SmallCorpus#SHARED]; `more` takes the place of the small values, or adds options. Options are
    /// written `--name=value`.
    static Captured quickstart(String... more) {
        Map<String, String> options = new LinkedHashMap<>();
        Stream.of(Stream.of(SMALL.split(" ")), Stream.of("--corpus=" + SmallCorpus.SHARED), Stream.of(more))
                .flatMap(option -> option)
                .forEach(option -> options.put(option.split("=")[0], option));
        return Captured.torrefy(Stream.concat(Stream.of("quickstart"), options.values().stream())
                .toArray());
    }
}
