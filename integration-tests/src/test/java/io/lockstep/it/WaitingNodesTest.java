package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.Training;
import io.lockstep.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are started by hand, and the runs that are handed to them. */
@Timeout(600)
class WaitingNodesTest {

  private static final String STEP = "\"event\":\"step\"";
  private static final String MIRRORED = "\"event\":\"mirrored\"";
  private static final String WENT_ON = "\"event\":\"went_on\"";

  /** With a rate that does not depend on the number of steps that are planned. */
  private static final String[] ENDLESS = {"train.epochs=100000", "schedule.name=constant"};

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final List<AutoCloseable> started = new ArrayList<>();
  private Path key;
  private WaitingNode server;

  @BeforeEach
  void startTheFirstNode() throws Exception {
    key = folder.resolve("cluster.key");
    LockstepProcess.Ended made =
        LockstepProcess.run(folder, LockstepProcess.SMALL_FLAGS, "key", key.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    server = closing(WaitingNode.first(folder, key));
  }

  @AfterEach
  void endWhatIsLeft() throws Exception {
    for (AutoCloseable one : started) {
      one.close();
    }
  }

  @Test
  void serveRunsOneAfterTheOtherAndOneAtATime() throws Exception {
    worker("worker-a", List.of());
    WaitingNode drained = worker("worker-b", List.of());
    String expected =
        Training.create(Configuration.bundled("digits", overrides("train.maxSteps=30")))
            .run()
            .summary()
            .weightsSha256();

    assertThat(trained("first", "train.maxSteps=30").weights()).isEqualTo(expected);
    assertThat(trained("second", "train.maxSteps=30").weights()).isEqualTo(expected);

    LockstepProcess endless =
        train("endless", List.of("--workers=2", "--json"), "train.epochs=100000");
    endless.awaitOut(STEP);
    LockstepProcess.Ended refused =
        train("refused", List.of("--workers=2", "--quiet"), "name=other", "train.maxSteps=30")
            .await();
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("lockstep: the cluster serves another run, digits; try again when it is done")
        .doesNotContain("internal error");

    drained.process().signal("TERM");
    assertThat(drained.process().await().exitCode()).as(told()).isEqualTo(128 + 15);
    endless.interrupt();
    assertThat(endless.await().exitCode()).as(endless.errSoFar() + told()).isEqualTo(130);
    KeptRun run = new KeptRun(folder.resolve("endless"));
    assertThat(run.events()).hasSize(1);
    KeptRun.Event left = run.events().getFirst();
    assertThat(left.what()).isEqualTo("left");
    assertThat(left.node()).isEqualTo("worker-b");
    assertThat(left.step()).isBetween(1L, run.summary().get("steps").asLong());
  }

  @Test
  void aRunWithNoWorkerLeftWaitsForOneAndGoesOn() throws Exception {
    WaitingNode only = worker("worker-a", List.of());
    LockstepProcess training = train("run", List.of("--workers=1", "--json"), ENDLESS);
    training.awaitOut(STEP);

    only.process().signal("KILL");
    training.awaitOut("\"event\":\"waiting\"");
    worker("worker-b", List.of());
    training.awaitOutAfter(1, WENT_ON, STEP);
    training.interrupt();

    assertSameAsUnbroken(training, "run", "went_on");
  }

  /**
   * The first of three servers has a shard, the coordinator, and the address that was joined. The
   * others have a copy of its shard, and with another coordinator the run goes on without the loss
   * of a step.
   */
  @Test
  void aRunGoesOnWithTheServersThatAreLeft() throws Exception {
    WaitingNode second = closing(server.server(folder, "server-b", key));
    closing(server.server(folder, "server-c", key));
    worker("worker-a", List.of());
    List<String> wanted =
        List.of("--workers=1", "--servers=3", "--json", "--join=" + second.addresses().control());
    LockstepProcess training = train("run", wanted, ENDLESS[0], ENDLESS[1], "train.reportEvery=1");
    training.awaitOutAfter(2, MIRRORED, MIRRORED); // Each shard has a standby.

    server.process().signal("KILL");
    training.awaitOutAfter(1, WENT_ON, STEP);
    training.interrupt();

    assertSameAsUnbroken(training, "run", "went_on");
    assertThat(new KeptRun(folder.resolve("run")).events())
        .as(told())
        .extracting(KeptRun.Event::what)
        .doesNotContain("resumed");
    assertEachStepIsToldOnce(training.outSoFar());
  }

  /** Each step in its order, and where the run went on just those before that. */
  private static void assertEachStepIsToldOnce(String out) throws Exception {
    long next = 1;
    long wentOn = 0;
    for (String line : out.lines().toList()) {
      JsonNode told = JSON.readTree(line);
      switch (told.get("event").asText()) {
        case "step" -> assertThat(told.get("step").asLong()).isEqualTo(next++);
        case "went_on" -> {
          assertThat(told.get("step").asLong()).isEqualTo(next - 1);
          wentOn = next - 1;
        }
        default -> {}
      }
    }
    assertThat(wentOn).isBetween(1L, next - 2);
  }

  private void assertSameAsUnbroken(LockstepProcess training, String name, String event)
      throws Exception {
    LockstepProcess.Ended ended = training.await();
    assertThat(ended.exitCode()).as(ended.err() + told()).isEqualTo(130);
    KeptRun run = new KeptRun(folder.resolve(name));
    assertThat(run.events()).extracting(KeptRun.Event::what).contains(event);
    String steps = "train.maxSteps=" + run.summary().get("steps").asLong();
    List<String> all = overrides(ENDLESS);
    all.add(steps);
    assertThat(run.weights())
        .isEqualTo(
            Training.create(Configuration.bundled("digits", all)).run().summary().weightsSha256());
  }

  @Test
  void aNodeWithOtherDataIsRefusedWithTheReason() throws Exception {
    Path ours = SmallMnist.write(folder.resolve("ours"), 1);
    Path others = SmallMnist.write(folder.resolve("others"), 2);
    worker("worker-a", List.of(), "--data=" + others);

    LockstepProcess.Ended refused =
        train("run", List.of("--workers=1"), "data.name=mnist", "data.dir=" + ours).await();

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("lockstep: worker-a cannot take part: checksum of the data: expected ")
        .doesNotContain("internal error");
  }

  /** A key of the configuration may mean something else in another version. */
  @Test
  void aNodeOfAnotherVersionIsRefusedWithTheReason() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(
        other.resolve("lockstep-reference.conf"), "train.reportEvery { steps = 50 }\n");
    worker("worker-a", List.of(other));

    LockstepProcess.Ended refused = train("run", List.of("--workers=1")).await();

    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("lockstep: worker-a cannot take part: ", "train.reportEvery")
        .doesNotContain("internal error");
  }

  private WaitingNode worker(String name, List<Path> before, String... more) throws Exception {
    return closing(server.worker(folder, before, name, key, more));
  }

  private KeptRun trained(String name, String... more) throws Exception {
    LockstepProcess.Ended ended = train(name, List.of("--workers=2", "--quiet"), more).await();
    assertThat(ended.exitCode()).as(ended.err() + told()).isZero();
    return new KeptRun(folder.resolve(name));
  }

  private LockstepProcess train(String name, List<String> first, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("train", "digits", "--out=" + name));
    arguments.add("--join=" + server.addresses().control());
    arguments.add("--key=" + key);
    arguments.addAll(first);
    overrides(more).forEach(override -> arguments.add("--set=" + override));
    return closing(
        LockstepProcess.start(
            folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new)));
  }

  private static List<String> overrides(String... more) {
    List<String> all = new ArrayList<>(List.of("data.digits.train=2000", "data.digits.test=500"));
    Collections.addAll(all, more);
    return all;
  }

  private <T extends AutoCloseable> T closing(T one) {
    started.addFirst(one);
    return one;
  }

  /** What the nodes have told so far, for the message of a test that failed. */
  private String told() {
    StringBuilder all = new StringBuilder();
    for (AutoCloseable one : started) {
      if (one instanceof WaitingNode(LockstepProcess process, var addresses)) {
        all.append("\n--- ").append(addresses.name()).append('\n').append(process.errSoFar());
      }
    }
    return all.toString();
  }
}
