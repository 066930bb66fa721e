package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.model.Metrics;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process of a run. */
final class ScaleChildTest {

  @TempDir private Path folder;

  @Test
  void aRunThatCannotBeStartedIsAFailure() {
    ScaleJob job = new ScaleJob(new ScaleCell(1, 1, 64), folder.resolve("run"), List.of(), null);
    JavaCommand none = new JavaCommand(folder.resolve("java").toString(), List.of(), "", "Main");

    assertThatThrownBy(() -> new ScaleChild(none, "digits", List.of(), null).run(job))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("run: the run cannot be started: ");
  }

  /** The JVM may warn of something before it. */
  private static final Pattern NUMBER = Pattern.compile("(?m)^(\\d+)\\R");

  /**
   * A process that does not end by itself, and of which the rule of pilots says that it is late.
   */
  @Test
  @Timeout(120)
  void aRunWhoseRuleFailsIsEnded() throws IOException {
    Path run = folder.resolve("run");
    Path log = folder.resolve("run.log");
    AtomicLong now = new AtomicLong();
    Predicate<List<Metrics>> rule = new ScalePilot(1).until(now::get, run);
    Predicate<List<Metrics>> lateOnceItHasSpoken =
        metrics -> {
          now.set(NUMBER.matcher(saidIn(log)).find() ? Duration.ofHours(1).toNanos() : 0);
          return rule.test(metrics);
        };
    ScaleJob job = new ScaleJob(new ScaleCell(1, 1, 64), run, List.of(), lateOnceItHasSpoken);
    JavaCommand endless = JavaCommand.ofProcess(Endless.class.getName());

    assertThatThrownBy(() -> new ScaleChild(endless, "digits", List.of(), null).run(job))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("but there was none; " + log + " says how far it came");
    long process =
        NUMBER.matcher(saidIn(log)).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static String saidIn(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Says its number, and waits. */
  static final class Endless {

    private Endless() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.out.println(ProcessHandle.current().pid());
      Thread.currentThread().join();
    }
  }

  @Test
  void aRunIsTheCommandThatAUserWouldGive() {
    ScaleJob job = new ScaleJob(new ScaleCell(4, 2, 64), folder, List.of("train.batch=64"), null);
    Path jar = Path.of("own.jar");

    assertThat(new ScaleChild(null, "digits", List.of(jar), null).words(job))
        .containsExactly(
            "train",
            "digits",
            "--quiet",
            "--workers",
            "4",
            "--servers",
            "2",
            "--set",
            "train.batch=64",
            "--jar",
            "own.jar",
            "--out",
            folder.toString());
    assertThat(
            new ScaleChild(null, "digits", List.of(), new ScaleChild.Processes(2, Transport.TCP))
                .words(job))
        .containsExactly(
            "launch",
            "digits",
            "--quiet",
            "--workers",
            "2",
            "--servers",
            "2",
            "--workers-per-node",
            "2",
            "--transport",
            "tcp",
            "--restarts",
            "0",
            "--set",
            "train.batch=64",
            "--out",
            folder.toString());
  }
}
