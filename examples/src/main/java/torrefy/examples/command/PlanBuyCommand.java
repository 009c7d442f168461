package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import torrefy.core.data.AtomicFile;
import torrefy.model.plan.decision.Circumstances;
import torrefy.model.plan.decision.DecisionReport;
import torrefy.model.plan.decision.Hardware;
import torrefy.model.plan.decision.HardwareTable;
import torrefy.model.plan.decision.Machines;

/// Build or buy, for the user's numbers.
@Command(
        name = "buy",
        description =
                "Compares pre-training, continued pre-training, fine-tuning and retrieval on a bought model for your"
                        + " numbers, and recommends one of them with reasons.",
        mixinStandardHelpOptions = true)
public final class PlanBuyCommand implements Callable<Integer> {

    private static final double HOURS_A_YEAR = 8766;

    @Option(names = "--tokens", paramLabel = "N", required = true, description = "Tokens of text of your own, as 5e7.")
    private double tokens;

    @Option(names = "--budget", paramLabel = "X", required = true, description = "Dollars to spend once.")
    private double budget;

    @Option(names = "--private", description = "The text may not leave the house.")
    private boolean isPrivate;

    @Option(names = "--own-licence", description = "The model must be free of anybody else's terms.")
    private boolean ownLicence;

    @Option(
            names = "--latency-ms",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most that one token of an answer may take (default: ${DEFAULT-VALUE}).")
    private double latency;

    @Option(names = "--changing", description = "What the model is to know changes from week to week.")
    private boolean isChanging;

    @Option(
            names = "--bought",
            paramLabel = "N",
            defaultValue = "7e9",
            description = "Parameters of the model that would be bought (default: ${DEFAULT-VALUE}).")
    private double bought;

    @Option(
            names = "--on",
            paramLabel = "NAME",
            defaultValue = "H100",
            description = "The hardware that everything is priced on (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--hardware",
            paramLabel = "FILE",
            description = "More hardware: a file with the columns name,peak,memory,bandwidth,price,power,source,date"
                    + " (TFLOP/s, GB, GB/s, dollars an hour, W).")
    private Path hardware;

    @Option(
            names = "--machines",
            paramLabel = "N",
            description = "How many of that hardware there are (default: as many as it takes; one of what costs nothing"
                    + " an hour).")
    private Integer machines;

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "How long each of them may work, where their number is bounded (default: 8766, a year).")
    private Double hours;

    @Option(
            names = "--energy-price",
            paramLabel = "X",
            defaultValue = "0",
            description = "Dollars for a kilowatt hour, on top of the hardware's price (default: ${DEFAULT-VALUE}).")
    private double energyPrice;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the report there instead: HTML with a plot to .html, Markdown to .md, else text.")
    private Path report;

    @Override
    public Integer call() throws IOException {
        HardwareTable table = HardwareTable.standard();
        if (hardware != null) {
            table = table.with(hardware);
        }
        Hardware chosen = table.get(name);
        Circumstances given = new Circumstances(
                tokens,
                budget,
                isPrivate,
                ownLicence,
                latency / 1000,
                isChanging,
                bought,
                new Machines(machinesOf(chosen), hours == null ? HOURS_A_YEAR : hours, energyPrice));
        DecisionReport decision = DecisionReport.of(given, chosen);
        if (report == null) {
            System.out.print(decision.text(false));
            return 0;
        }
        String file = report.toString().toLowerCase(Locale.ROOT);
        boolean isPage = file.endsWith(".html") || file.endsWith(".htm");
        AtomicFile.write(report, isPage ? decision.html() : decision.text(file.endsWith(".md")));
        System.out.println(decision.answer());
        System.out.println("the report is in " + report);
        return 0;
    }

    private int machinesOf(Hardware chosen) {
        if (machines != null) {
            return machines;
        }
        if (chosen.pricePerHour() == 0) {
            return 1;
        }
        if (hours != null) {
            throw new IllegalArgumentException(
                    "--hours bounds a number of machines: give --machines too, or leave it out");
        }
        return Machines.ANY_NUMBER;
    }
}
