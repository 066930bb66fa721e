package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table that is larger than the heap trains, predicts and is evaluated as one within it: 30,000
 * rows, whose columns take 5 MB and whose design matrix of 448 columns takes 54 MB, on a heap of 48
 * MB.
 */
@Timeout(600)
class LargerThanMemoryTest {

  private static final int ROWS = 30_000;
  private static final int NUMBERS = 18;
  private static final int LEVELS = 430;
  private static final String SMALL_HEAP = "-Xmx48m";

  @TempDir private static Path folder;

  private static Path csv;
  private static Path scratch;
  private static KeptRun reference;

  @BeforeAll
  static void trainOnALargeHeap() throws Exception {
    scratch = Files.createDirectory(folder.resolve("scratch"));
    csv = folder.resolve("large.csv");
    write();
    reference = train("reference", "-Xmx1g", "--set=data.table.memory=512");
  }

  private static void write() throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(csv))) {
      out.print("y,group");
      for (int c = 0; c < NUMBERS; c++) {
        out.print(",x" + c);
      }
      out.println();
      for (int row = 0; row < ROWS; row++) {
        out.print(row % 1009 / 100.0 + ",g" + row * 31L % LEVELS);
        for (int c = 0; c < NUMBERS; c++) {
          out.print("," + (row * (c + 7L) * 7919 % 1000) / 100.0);
        }
        out.println();
      }
    }
  }

  private static KeptRun train(String name, String heap, String... more) throws Exception {
    return run(name, "train", heap, more);
  }

  private static KeptRun run(String name, String command, String heap, String... more)
      throws Exception {
    KeptRun run = new KeptRun(folder.resolve(name));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--data=" + csv,
                "--formula=y ~ .",
                "--family=gaussian",
                "--hidden=8",
                "--set=train.batch=512",
                "--set=train.epochs=1",
                "--set=train.maxSteps=60",
                "--out=" + run.folder()));
    arguments.addAll(List.of(more));
    assertThat(lockstep(heap, arguments.toArray(String[]::new)).err()).doesNotContain("heap");
    return run;
  }

  private static LockstepProcess.Ended lockstep(String heap, String... arguments) throws Exception {
    List<String> flags = new ArrayList<>(LockstepProcess.SMALL_FLAGS);
    flags.addAll(List.of(heap, "-Djava.io.tmpdir=" + scratch));
    LockstepProcess.Ended ended = LockstepProcess.run(folder, flags, arguments);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files.filter(file -> file.toString().endsWith(".scratch"))).isEmpty();
    }
    return ended;
  }

  @Test
  void trainsToTheSameWeightsAndIsEvaluatedAndPredicted() throws Exception {
    KeptRun small = train("small", SMALL_HEAP);
    assertThat(small.weights()).isEqualTo(reference.weights());
    assertThat(small.summary().get("dataSha256")).isEqualTo(reference.summary().get("dataSha256"));
    assertThat(small.summary().get("validation")).isEqualTo(reference.summary().get("validation"));

    String run = small.folder().toString();
    assertThat(lockstep(SMALL_HEAP, "evaluate", run).out()).contains("validation");
    Model model = Model.load(reference.folder());
    assertThat(lockstep(SMALL_HEAP, "predict", run, csv.toString()).out().lines().skip(1))
        .isEqualTo(lines(model.predict(model.read(csv).dataset())));
  }

  private static List<String> lines(float[] means) {
    return IntStream.range(0, means.length).mapToObj(row -> row + "," + means[row]).toList();
  }

  @Test
  void trainsOnProcessesOfSmallHeaps() throws Exception {
    KeptRun launched = run("launched", "launch", SMALL_HEAP, "--workers=2");
    assertThat(launched.weights()).isEqualTo(reference.weights());
  }
}
