package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.it.network.Link;
import io.lockstep.it.network.NetworkNamespaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes that are started by hand on three hosts, which reach each other over the network alone, and
 * find their addresses themselves; skipped, with the reason, where there cannot be such hosts.
 */
@Timeout(600)
class SeveralHostsTest {

  private static final int HOSTS = 3;
  private static final String PORT = "7355";
  private static final List<String> SMALL =
      List.of("data.digits.train=2000", "data.digits.test=500", "train.maxSteps=30");

  private static final List<String> ENDLESS =
      List.of(
          "data.digits.train=2000",
          "data.digits.test=500",
          "train.epochs=100000",
          "schedule.name=constant");

  private static final String STEP = "\"event\":\"step\"";

  @TempDir private Path folder;

  private final List<LockstepProcess> started = new ArrayList<>();
  private Path key;

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(LockstepProcess::close);
  }

  static Stream<Link> trainsToTheWeightsOfOneJvm() {
    return Stream.of(Link.FAST, new Link(Duration.ofMillis(5), 100_000));
  }

  @ParameterizedTest
  @MethodSource
  void trainsToTheWeightsOfOneJvm(Link link) throws Exception {
    NetworkNamespaces.assumeAvailable(link);
    makeKey();
    try (NetworkNamespaces hosts = NetworkNamespaces.of(HOSTS, link)) {
      String seed = hosts.address(0) + ":" + PORT;
      node(hosts, 0, "--role=parameter-server", "--port=" + PORT);
      node(hosts, 1, "--role=worker", "--join=" + seed);
      node(hosts, 2, "--role=worker", "--join=" + seed);

      List<String> train =
          new ArrayList<>(
              List.of("train", "digits", "--quiet", "--join=" + seed, "--workers=2", "--out=run"));
      SMALL.forEach(override -> train.add("--set=" + override));
      LockstepProcess.Ended ended = start(hosts, 2, train).await();

      assertThat(ended.exitCode()).as(ended.err() + told()).isZero();
      KeptRun run = new KeptRun(folder.resolve("run"));
      assertThat(run.work()).containsOnlyKeys("host-1", "host-2");
      assertThat(run.weights()).isEqualTo(weightsOfOneJvm(SMALL));
    }
  }

  /**
   * A worker's host is cut off. The others do its part, and go on without it; its process, which
   * cannot know what they do, ends by itself.
   */
  @Test
  void aMinorityThatIsCutOffStopsItselfAndTheMajorityGoesOn() throws Exception {
    NetworkNamespaces.assumeAvailable(Link.FAST);
    makeKey();
    try (NetworkNamespaces hosts = NetworkNamespaces.of(HOSTS, Link.FAST)) {
      String seed = hosts.address(0) + ":" + PORT;
      node(hosts, 0, "--role=parameter-server", "--port=" + PORT);
      node(hosts, 1, "--role=worker", "--join=" + seed);
      LockstepProcess minority = node(hosts, 2, "--role=worker", "--join=" + seed);
      LockstepProcess training = train(hosts, seed, ENDLESS);
      training.awaitOut(STEP);

      hosts.cut(2);

      LockstepProcess.Ended stopped = minority.await();
      int stepsTold = training.outSoFar().split(STEP, -1).length - 1;
      training.awaitOutAfter(stepsTold, STEP, STEP);
      training.interrupt();
      LockstepProcess.Ended ended = training.await();
      assertThat(ended.exitCode()).as(ended.err() + told()).isEqualTo(130);
      assertThat(stopped.exitCode()).as(stopped.err()).isZero();
      KeptRun run = new KeptRun(folder.resolve("run"));
      assertThat(run.events())
          .extracting(KeptRun.Event::what, KeptRun.Event::node)
          .containsAnyOf(tuple("left", "host-2"), tuple("lost", "host-2"));
      List<String> asMany = new ArrayList<>(ENDLESS);
      asMany.add("train.maxSteps=" + run.summary().get("steps").asLong());
      assertThat(run.weights()).isEqualTo(weightsOfOneJvm(asMany));
    }
  }

  private LockstepProcess train(NetworkNamespaces hosts, String seed, List<String> overrides)
      throws Exception {
    List<String> train =
        new ArrayList<>(
            List.of("train", "digits", "--json", "--join=" + seed, "--workers=2", "--out=run"));
    overrides.forEach(override -> train.add("--set=" + override));
    return start(hosts, 0, train);
  }

  private static String weightsOfOneJvm(List<String> overrides) {
    return Training.create(Configuration.bundled("digits", overrides))
        .run()
        .summary()
        .weightsSha256();
  }

  private void makeKey() throws Exception {
    key = folder.resolve("cluster.key");
    LockstepProcess.Ended made =
        LockstepProcess.run(folder, LockstepProcess.SMALL_FLAGS, "key", key.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
  }

  /** A Unix socket would reach the other hosts, too: they share this machine's files. */
  private LockstepProcess node(NetworkNamespaces hosts, int host, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("node", "--name=host-" + host));
    arguments.add("--transport=tcp");
    arguments.addAll(List.of(more));
    LockstepProcess node = start(hosts, host, arguments);
    node.awaitOut("node host-%d: control %s:".formatted(host, hosts.address(host)));
    return node;
  }

  private LockstepProcess start(NetworkNamespaces hosts, int host, List<String> arguments)
      throws Exception {
    List<String> all = new ArrayList<>(arguments);
    all.add("--key=" + key);
    List<String> command =
        LockstepProcess.command(List.of(), LockstepProcess.SMALL_FLAGS, all.toArray(String[]::new));
    LockstepProcess process = LockstepProcess.startCommand(folder, hosts.command(host, command));
    started.add(process);
    return process;
  }

  /** What the nodes have told, for the message of a test that failed. */
  private String told() {
    StringBuilder all = new StringBuilder();
    started.forEach(node -> all.append("\n---\n").append(node.errSoFar()));
    return all.toString();
  }
}
