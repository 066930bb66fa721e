package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --chaos}: whatever fails on purpose, the weights are those of a run without failures. */
class FaultsTest {

  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** So many workers are killed one after the other; twenty take several minutes. */
  private static final int KILLS = Integer.getInteger("lockstep.kills", 1);

  /** Enough for each kill and the worker that joins after it, at random steps. */
  private static final int STEPS_PER_KILL = 100;

  @TempDir private Path folder;

  private Path conf;

  /** With a rate that does not depend on the number of steps. */
  @BeforeEach
  void writeConfiguration() throws Exception {
    conf =
        Files.writeString(
            folder.resolve("run.conf"),
            """
            data { name = digits, digits { train = 1200, test = 200 } }
            network.layers = [{ type = dense, units = 12 }, { type = dropout, rate = 0.2 }]
            train { batch = 64, microBatches = 4, epochs = 100000 }
            schedule.name = constant
            """);
  }

  @Test
  @Timeout(300)
  void ofProcesses() throws Exception {
    KeptRun run =
        trained(
            120,
            "launch",
            "--workers=3",
            "--chaos=5:pause:worker-2:1",
            "--chaos=10:slow:worker-0:3:1",
            "--chaos=20:drop:worker-1",
            "--chaos=21:hold:joined:120",
            "--chaos=40:delay:any:10:1",
            "--chaos=60:kill:worker-2",
            "--chaos=61:hold:lost:120",
            "--chaos=80:cut:worker-0:3",
            "--chaos=81:hold:joined:120");

    assertThat(run.events())
        .extracting(KeptRun.Event::what, KeptRun.Event::node)
        .contains(tuple("lost", "worker-1"), tuple("lost", "worker-2"));
    assertThat(run.log("worker-0")).contains("on purpose: Slow[", "on purpose: Cut[");
  }

  @Test
  @Timeout(300)
  void ofWorkersOfOneProcess() throws Exception {
    KeptRun run =
        trained(
            150,
            "train",
            "--workers=3",
            "--chaos=10:pause:worker-0:1",
            "--chaos=15:drop:worker-1",
            "--chaos=16:hold:joined:120",
            "--chaos=18:slow:worker-2:2:1",
            "--chaos=random:7:1");

    assertThat(run.events()).extracting(KeptRun.Event::what).contains("lost", "joined");
    assertThat(run.summary().get("steps").asLong()).isEqualTo(150);
  }

  @Test
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void thatKillWorkersOneAfterTheOther() throws Exception {
    KeptRun run =
        trained(
            50 + STEPS_PER_KILL * KILLS,
            "launch",
            "--workers=3",
            "--servers=1",
            "--chaos=random:7:" + KILLS);

    assertThat(run.events()).extracting(KeptRun.Event::what).contains("lost");
    assertThat(run.events())
        .filteredOn(event -> event.what().equals("joined"))
        .hasSizeGreaterThanOrEqualTo(KILLS);
  }

  private KeptRun trained(int steps, String command, String... more) throws Exception {
    KeptRun run = new KeptRun(folder.resolve("run"));
    String maxSteps = "train.maxSteps=" + steps;
    List<String> arguments =
        new ArrayList<>(List.of(command, conf.toString(), "--out=" + run.folder(), "--quiet"));
    arguments.add("--set=" + maxSteps);
    Collections.addAll(arguments, more);
    LockstepProcess.Ended ended;
    try (LockstepProcess process =
        LockstepProcess.start(
            folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new))) {
      ended = process.await(LIMIT);
    }
    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isZero();
    assertThat(run.weights())
        .as(ended.err())
        .isEqualTo(
            Training.create(Configuration.load(conf, List.of(maxSteps)))
                .run()
                .summary()
                .weightsSha256());
    return run;
  }
}
