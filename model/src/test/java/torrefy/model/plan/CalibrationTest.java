package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.ProcessMemory;

class CalibrationTest {

    private static final Backend BACKEND = Backends.create("scalar", 1);
    private static final StepSetup SETUP = StepSetup.of(TransformerConfig.gpt2(65, 8, 1, 1, 8), 2);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("calibration.txt");
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    private Calibration open(Backend backend, boolean anew) {
        return Calibration.of(backend, Optional.of(file), anew, Duration.ofMillis(10));
    }

    /// Measures everything, and keeps it.
    private void measured() {
        Calibration calibration = open(BACKEND, false);
        calibration.times(calibration.recorded(SETUP), 1);
        String said = calibration.keep();
        assertTrue(said.contains("measured now, kept in " + file), said);
    }

    /// The same as if there had been time for everything.
    private Map<String, KernelTimes.Time> wellMeasured() throws IOException {
        measured();
        CalibrationFile.Contents contents = CalibrationFile.read(file);
        contents.kernels().replaceAll((call, time) -> new KernelTimes.Time(time.seconds(), false));
        contents.numbers().put("stretch of " + SETUP, 1.25);
        CalibrationFile.write(file, contents);
        return contents.kernels();
    }

    private static void assertKnown(Map<String, KernelTimes.Time> known, Map<KernelCall, KernelTimes.Time> times) {
        times.forEach((call, time) -> {
            if (known.containsKey(call.toString())) {
                assertEquals(known.get(call.toString()), time, call.description());
            }
        });
    }

    @Test
    void whatWasMeasuredOnceIsNotMeasuredAgain() throws IOException {
        Map<String, KernelTimes.Time> known = wellMeasured();
        Calibration first = open(BACKEND, false);
        double peak = first.peak();
        double rate = first.writeRate(folder);
        first.keep();

        Calibration second = open(BACKEND, false);
        RecordedStep step = second.recorded(SETUP);
        KernelTimes times = second.times(step, 1);
        times.all().keySet().forEach(call -> assertTrue(known.containsKey(call.toString()), call.description()));
        assertKnown(known, times.all());
        KernelCall call = step.calls().keySet().iterator().next();
        assertEquals(1.25 * known.get(call.toString()).seconds(), times.secondsInStep(call), 1e-12);
        assertEquals(peak, second.peak());
        assertEquals(rate, second.writeRate(folder));
        String said = second.keep();
        assertTrue(said.startsWith("as it was kept in"), said);
    }

    @Test
    void onlyWhatIsMissingIsMeasured() throws IOException {
        Map<String, KernelTimes.Time> known = wellMeasured();
        Calibration more = open(BACKEND, false);
        RecordedStep other = more.recorded(StepSetup.of(TransformerConfig.gpt2(65, 8, 1, 1, 8), 3));
        Map<KernelCall, KernelTimes.Time> times = more.times(other, 1).all();
        long shared = times.keySet().stream()
                .filter(call -> known.containsKey(call.toString()))
                .count();
        assertTrue(shared > 0 && shared < times.size(), shared + " of " + times.size());
        assertKnown(known, times);
        String said = more.keep();
        assertTrue(said.startsWith("in part measured now"), said);
    }

    @Test
    void whatIsKnownRoughlyIsMeasuredAgain() throws IOException {
        wellMeasured();
        CalibrationFile.Contents contents = CalibrationFile.read(file);
        contents.kernels().replaceAll((call, time) -> new KernelTimes.Time(1e6, true));
        CalibrationFile.write(file, contents);
        Calibration again = open(BACKEND, false);
        again.times(again.recorded(SETUP), 1).all().forEach((call, time) -> assertTrue(time.seconds() < 1e6));
    }

    @Test
    void aDamagedFileIsForgottenAndWrittenAnew() throws IOException {
        measured();
        String whole = Files.readString(file);
        for (String damaged : List.of(
                "", "nothing of the kind", whole.substring(0, whole.length() / 2), whole.replaceFirst("E-", "E+"))) {
            Files.writeString(file, damaged);
            Calibration again = open(BACKEND, false);
            again.times(again.recorded(SETUP), 1);
            String said = again.keep();
            assertTrue(said.contains("is damaged: the machine is measured again"), said);
            assertTrue(CalibrationFile.read(file).kernels().size() > 10);
        }
    }

    /// What it holds was measured in another way.
    @Test
    void aFileOfTheOldFormIsSaidToBeOneAndMeasuredAnew() throws IOException {
        measured();
        Files.writeString(file, Files.readString(file).replaceFirst("torrefy calibration 4", "torrefy calibration 3"));
        Calibration again = open(BACKEND, false);
        again.times(again.recorded(SETUP), 1);
        String said = again.keep();
        assertTrue(said.startsWith(file + " was written by another version of this program"), said);
        assertTrue(said.contains(": the machine is measured again; measured now"), said);
        assertTrue(Files.readString(file).startsWith("torrefy calibration 4\n"), said);
    }

    @Test
    void aFileThatHoldsWhatNobodyWritesIsDamagedWhateverItsSum() throws IOException {
        CalibrationFile.Contents contents = CalibrationFile.Contents.none("a machine");
        contents.numbers().put("a name\twith a tab", 1.0);
        CalibrationFile.write(file, contents);
        String message = assertThrows(IOException.class, () -> CalibrationFile.read(file))
                .getMessage();
        assertEquals(file + " is damaged", message);
    }

    @Test
    void aGuessOfWhatAStepAddsServesThisProcessAndIsNotKept() throws IOException {
        Calibration hasty = Calibration.of(BACKEND, Optional.of(file), false, Duration.ofNanos(1));
        double guess = hasty.stretch(SETUP);
        assertEquals(guess, hasty.stretch(SETUP));
        assertTrue(guess > 0 && guess <= 2, guess + "");
        hasty.peak();
        hasty.keep();
        assertFalse(CalibrationFile.read(file).numbers().containsKey("stretch of " + SETUP));
    }

    @Test
    void whatTheProgramHoldsIsKeptWhereTheSystemTellsIt() {
        Calibration first = open(BACKEND, false);
        OptionalLong program = first.programBytes();
        assertEquals(ProcessMemory.besideHeap().isPresent(), program.isPresent());
        first.keep();
        assertEquals(program, open(BACKEND, false).programBytes());
    }

    @Test
    void anotherMachineIsMeasuredForItself() {
        measured();
        try (Backend two = Backends.create("scalar", 2)) {
            Calibration other = open(two, false);
            other.times(other.recorded(SETUP), 1);
            String said = other.keep();
            assertTrue(said.contains("is of another machine"), said);
        }
    }

    @Test
    void onRequestEverythingIsMeasuredAgain() {
        measured();
        Calibration again = open(BACKEND, true);
        again.times(again.recorded(SETUP), 1);
        String said = again.keep();
        assertTrue(said.startsWith("measured now"), said);
    }

    /// A round at full size takes this backend a quarter of a minute.
    @Test
    void aSlowBackendIsMeasuredInTimeAndRoughly() {
        StepSetup large = StepSetup.of(TransformerConfig.gpt2(4096, 256, 1, 4, 256), 8);
        RecordedStep step = RecordedStep.of(large, Duration.ZERO);
        long start = System.nanoTime();
        KernelTimes times = Calibration.of(BACKEND, Optional.empty(), false, Duration.ofMillis(300))
                .times(step, 1);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertTrue(seconds < 5, seconds + " s");
        assertTrue(times.rough() > 0);
        assertTrue(StepCost.of(step, times).seconds() > 2 * seconds, StepCost.of(step, times) + " in " + seconds);
    }
}
