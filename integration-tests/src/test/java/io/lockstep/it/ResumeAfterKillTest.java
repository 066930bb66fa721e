package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed in the midst of a run; what goes on from the checkpoint has all its bits.
 */
@Timeout(600)
class ResumeAfterKillTest {

  private static final Duration LIMIT = Duration.ofSeconds(180);

  @TempDir private Path folder;

  /** With a rate that does not depend on the number of steps. */
  private Path configuration(String name, long steps) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        data { name = digits, digits { train = 1200, test = 200 } }
        network.layers = [{ type = dense, units = 12 }, { type = dropout, rate = 0.2 }]
        train { batch = 64, microBatches = 4, epochs = 100000, maxSteps = %d }
        schedule.name = constant
        checkpoint.everySteps = 50
        cluster.bucketBytes = 16384
        """
            .formatted(steps));
  }

  private static String weightsOfUnbrokenRun(Path configuration) {
    return Training.create(Configuration.load(configuration)).run().summary().weightsSha256();
  }

  private static void awaitCheckpoint(Path run, BooleanSupplier alive) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !alive.getAsBoolean() || RunFolder.isRun(run) && !checkpoints(run).isEmpty());
  }

  private static List<Long> checkpoints(Path run) {
    return RunFolder.open(run).checkpoints().versions();
  }

  @Test
  void aTrainingOfOneProcess() throws Exception {
    Path conf = configuration("run.conf", 240);
    Path run = folder.resolve("run");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HeldTraining.class.getName(),
                conf.toString(),
                run.toString(),
                "130")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines().anyMatch("held"::equals)).isTrue();
      awaitCheckpoint(run, process::isAlive);
      LockstepProcess.Ended refused =
          LockstepProcess.run(folder, "train", "--resume", run.toString(), "--quiet");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .contains(run + ": the run is still going on, in process " + process.pid() + " on ");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(run.resolve("run.json")).doesNotExist();
    assertThat(checkpoints(run)).allMatch(version -> version <= 130);

    LockstepProcess.Ended ended =
        LockstepProcess.run(
            folder, "train", "--resume", run.toString(), "--workers=3", "--servers=2", "--quiet");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    KeptRun kept = new KeptRun(run);
    assertThat(kept.weights()).isEqualTo(weightsOfUnbrokenRun(conf));
    assertThat(kept.summary().get("steps").asInt()).isEqualTo(240);
    assertThat(kept.events()).extracting(KeptRun.Event::what).containsExactly("resumed");
  }

  /**
   * Its steps would take hours: none of what happens to it depends on how fast they are. With the
   * processes the run's folder is lost, and it goes on from its copy.
   */
  @Test
  void aLaunchOfManyProcessesWhoseFolderIsLost() throws Exception {
    Path conf = configuration("endless.conf", 0);
    Path lost = folder.resolve("run");
    KeptRun run = new KeptRun(folder.resolve("copies/run"));
    List<KeptRun.Node> nodes;
    long written;
    try (LockstepProcess launcher =
        LockstepProcess.start(
            folder,
            LockstepProcess.SMALL_FLAGS,
            "launch",
            conf.toString(),
            "--workers=2",
            "--servers=2",
            "--quiet",
            "--set=checkpoint.dir=" + run.folder().getParent(),
            "--out=" + lost)) {
      awaitCheckpoint(run.folder(), launcher::alive);
      assertThat(launcher.alive()).as(launcher.errSoFar() + run.logs()).isTrue();
      nodes = new KeptRun(lost).nodes();
      written = Collections.max(checkpoints(run.folder()));
      launcher.signal("KILL");
      launcher.await();
    }
    await().atMost(LIMIT).until(() -> nodes.stream().noneMatch(KeptRun.Node::alive));
    assertThat(run.folder().resolve("run.json")).doesNotExist();
    Files.move(lost, folder.resolve("lost"));

    LockstepProcess.Ended ended;
    try (LockstepProcess resumed =
        LockstepProcess.start(
            folder,
            LockstepProcess.SMALL_FLAGS,
            "launch",
            "--resume=" + run.folder(),
            "--workers=3",
            "--servers=1",
            "--json")) {
      resumed.awaitOut("\"event\":\"step\"");
      resumed.interrupt();
      ended = resumed.await();
    }

    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isEqualTo(130);
    long steps = run.summary().get("steps").asLong();
    assertThat(run.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.what()).isEqualTo("resumed");
              assertThat(event.step()).isGreaterThanOrEqualTo(written).isLessThan(steps);
            });
    assertThat(run.weights())
        .isEqualTo(weightsOfUnbrokenRun(configuration("unbroken.conf", steps)));
  }
}
