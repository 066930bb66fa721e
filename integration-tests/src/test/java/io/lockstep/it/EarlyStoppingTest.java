package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockstep.EpochReport;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes stop at the same epoch, with the same best weights, as one JVM does. */
@Timeout(600)
class EarlyStoppingTest {

  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final int STEPS_PER_EPOCH = 17; // 1,080 rows in batches of 64

  @TempDir private Path folder;
  private Path conf;
  private RunSummary reference;

  @BeforeEach
  void trainTheReference() throws IOException {
    conf =
        Files.writeString(
            folder.resolve("early.conf"),
            """
            data { name = digits, digits { train = 1200, test = 200 } }
            network.layers = [{ type = dense, units = 24 }, { type = dropout, rate = 0.2 }]
            optimizer.learningRate = 0.02
            train { batch = 64, microBatches = 4, epochs = 200 }
            train { earlyStopping.patience = 2, restoreBest = true }
            checkpoint.everySteps = 50
            cluster.bucketBytes = 16384
            """);
    Training training = Training.create(Configuration.load(conf));
    training.addListener(
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport epoch) {
            assertThat(epoch.step()).isEqualTo((long) epoch.epoch() * STEPS_PER_EPOCH);
          }
        });
    reference = training.run().summary();
    assertThat(reference.epochs()).isEqualTo(reference.weightsEpoch() + 2).isLessThan(200);
  }

  private void requireReference(KeptRun run) {
    assertThat(run.weights()).isEqualTo(reference.weightsSha256());
    assertThat(run.summary().get("steps").asLong()).isEqualTo(reference.steps());
    assertThat(run.summary().get("weightsEpoch").asInt()).isEqualTo(reference.weightsEpoch());
    assertThat(run.summary().get("message").asText()).isEqualTo(reference.message());
    assertThat(run.summary().get("status").asText()).isEqualTo("finished");
    assertThat(run.events())
        .contains(new KeptRun.Event("stopped", reference.steps(), ""))
        .doesNotHaveDuplicates();
  }

  @Test
  void launchedProcessesStopWhereOneJvmDoes() throws Exception {
    KeptRun run = new KeptRun(folder.resolve("run"));

    LockstepProcess.Ended ended =
        LockstepProcess.run(
            folder,
            LockstepProcess.SMALL_FLAGS,
            "launch",
            conf.toString(),
            "--workers=2",
            "--servers=2",
            "--change=20:+1",
            "--out=" + run.folder());

    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    requireReference(run);
    assertThat(ended.out())
        .contains("step %d: stopped early: ".formatted(reference.steps()))
        .contains("note     " + reference.message());
  }

  @Test
  void whatGoesOnAfterAKillStopsThereToo() throws Exception {
    KeptRun run = new KeptRun(folder.resolve("run"));
    long heldAt = (long) reference.weightsEpoch() * STEPS_PER_EPOCH + STEPS_PER_EPOCH / 2;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HeldTraining.class.getName(),
                conf.toString(),
                run.folder().toString(),
                Long.toString(heldAt))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.lines().anyMatch("held"::equals)).isTrue();
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !process.isAlive() || hasBest(run.folder()));
    } finally {
      process.destroyForcibly().waitFor();
    }

    LockstepProcess.Ended ended =
        LockstepProcess.run(
            folder,
            LockstepProcess.SMALL_FLAGS,
            "launch",
            "--resume=" + run.folder(),
            "--workers=3",
            "--servers=1",
            "--quiet");

    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    requireReference(run);
  }

  private boolean hasBest(Path run) {
    List<Long> versions = RunFolder.open(run).checkpoints().versions();
    return versions.contains((long) reference.weightsEpoch() * STEPS_PER_EPOCH);
  }
}
