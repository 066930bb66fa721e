package io.lockstep.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the JIT compilers make of the kernels with the options that {@code bin/lockstep} gives them,
 * on a machine that is as busy as training makes it. What they make of them depends on what they
 * get to first: with a fault such as the one that {@code bin/lockstep} tells of, one run in two
 * keeps vectors on the heap.
 */
final class CompiledKernelsTest {

  private static final Pattern STEP = Pattern.compile("\"event\":\"step\",\"step\":(\\d+)");
  private static final Duration LIMIT = Duration.ofSeconds(100);

  /** Between two looks, so that a few collections more or less do not matter. */
  private static final int STEPS = 1_000;

  /**
   * Messages and reports fill the young generation twice in a thousand steps; the sums of a bias'
   * gradient alone, if each is a vector on the heap, 60 times, the matrix products 240 times.
   */
  private static final long MOST_COLLECTIONS = 10;

  @TempDir private Path folder;

  private long steps;
  private long collections;

  @Test
  void theyKeepNoVectorsOnTheHeap() throws Exception {
    StandInMachine machine = new StandInMachine(folder);
    Path lockstep = machine.distribution();
    Path log = folder.resolve("gc.log");
    Path err = folder.resolve("err.txt");
    machine.set("LOCKSTEP_JAVA_OPTS", "-Xlog:gc:file=" + log);
    Process training =
        machine.start(
            folder.resolve("out.txt"),
            err,
            lockstep,
            "train",
            "digits",
            "--workers=2",
            "--set=network.layers=[{type=dense,units=256},{type=dense,units=128}]",
            "--set=train.batch=256",
            "--set=train.reportEvery=10",
            "--set=train.epochs=1000000",
            "--set=train.maxTime=" + LIMIT.plusSeconds(30).toSeconds() + "s",
            "--out=run",
            "--quiet");
    try {
      await("a thousand steps with at most " + MOST_COLLECTIONS + " collections")
          .atMost(LIMIT)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> hasDoneWithout(training, err, machine.at("home/run/metrics.jsonl"), log));
    } finally {
      StandInMachine.kill(training);
    }
  }

  /** Looks, and says whether there were few collections since the last look. */
  private boolean hasDoneWithout(Process training, Path err, Path metrics, Path log)
      throws IOException {
    assertThat(training.isAlive()).as(Files.readString(err)).isTrue();
    long stepsNow = Files.exists(metrics) ? lastStep(Files.readAllLines(metrics)) : 0;
    if (stepsNow < steps + STEPS) {
      return false;
    }
    long collectionsNow = collections(log);
    boolean few = steps > 0 && collectionsNow - collections <= MOST_COLLECTIONS;
    steps = stepsNow;
    collections = collectionsNow;
    return few;
  }

  private static long lastStep(List<String> events) {
    return events.reversed().stream()
        .map(STEP::matcher)
        .filter(Matcher::find)
        .mapToLong(step -> Long.parseLong(step.group(1)))
        .findFirst()
        .orElse(0);
  }

  private static long collections(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("Pause Young")).count();
    }
  }
}
