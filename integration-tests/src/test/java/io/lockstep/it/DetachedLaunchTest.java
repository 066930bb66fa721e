package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A launch in the background, as those meet it who close the laptop and come back. */
@Timeout(600)
class DetachedLaunchTest {

  private static final List<String> DATA =
      List.of("data.digits.train=2000", "data.digits.test=500", "schedule.name=constant");
  private static final String ENDLESS = "train.epochs=100000";

  @TempDir private Path folder;

  /** Stops a launch that the test has left behind. */
  @AfterEach
  void stopWhatIsLeft() throws Exception {
    lockstep("stop", "run");
  }

  @Test
  void goesOnUntilItIsStoppedAndKeepsWhatWasLearned() throws Exception {
    List<String> launch =
        new ArrayList<>(List.of("launch", "digits", "--workers=2", "--detach", "--out=run"));
    DATA.forEach(override -> launch.add("--set=" + override));
    launch.add("--set=" + ENDLESS);
    LockstepProcess.Ended detached = lockstep(launch.toArray(String[]::new));
    assertThat(detached.exitCode()).as(detached.err()).isZero();
    assertThat(detached.out()).contains("launched in the background: ", "lockstep attach ");
    KeptRun run = new KeptRun(folder.resolve("run"));
    assertThat(run.nodes()).hasSize(3).allMatch(KeptRun.Node::alive);

    try (LockstepProcess attached = start("attach", "run", "--json")) {
      attached.awaitOut("\"event\":\"step\"");
      attached.interrupt();
      attached.await();
    }
    assertThat(run.nodes()).allMatch(KeptRun.Node::alive);
    LockstepProcess.Ended status = lockstep("status", "run");
    assertThat(status.out()).contains("running", "server-0  local", "worker-1  local");

    LockstepProcess.Ended stopped = lockstep("stop", "run");

    assertThat(stopped.exitCode()).as(stopped.err() + run.logs()).isZero();
    assertThat(run.nodes()).noneMatch(KeptRun.Node::alive);
    assertThat(lockstep("status", "run").out()).contains("run: stopped, step ").contains("gone");
    LockstepProcess.Ended late = lockstep("attach", "run");
    assertThat(late.exitCode()).as(late.err()).isEqualTo(130);
    assertThat(late.out()).contains("epoch 1/100000", run.weights());
    assertThat(run.weights()).isEqualTo(inOneJvm(run.summary().get("steps").asLong()));
  }

  private static String inOneJvm(long steps) {
    List<String> overrides = new ArrayList<>(DATA);
    overrides.add(ENDLESS);
    overrides.add("train.maxSteps=" + steps);
    return Training.create(Configuration.bundled("digits", overrides))
        .run()
        .summary()
        .weightsSha256();
  }

  private LockstepProcess.Ended lockstep(String... arguments) throws Exception {
    return LockstepProcess.run(folder, LockstepProcess.SMALL_FLAGS, arguments);
  }

  private LockstepProcess start(String... arguments) throws Exception {
    return LockstepProcess.start(folder, LockstepProcess.SMALL_FLAGS, arguments);
  }
}
