package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.lockstep.Training;
import io.lockstep.cluster.HostPort;
import io.lockstep.config.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever has not the key of a run is refused on both ports of its nodes, logged, and changes
 * nothing: one launch goes on through all tests, and the last one looks at what it has become.
 */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StrangersTest {

  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOGGED_WITHIN = Duration.ofSeconds(60);
  private static final String OTHER_KEY =
      "--key: expected the key of the cluster at %s, but that has another one";

  private static final String WAIT = "--wait=5";
  private static final String REFUSED = "GuardedEngine: control plane: refused a connection: ";
  private static final String DROPPED = "Link: connection with 127.0.0.1:";
  private static final String ENDLESS = "train.epochs=100000";

  @TempDir private static Path folder;

  private static LockstepProcess launcher;
  private static KeptRun run;
  private static KeptRun.Node server;
  private static Path otherKey;

  @BeforeAll
  static void launch() throws Exception {
    otherKey = folder.resolve("other.key");
    LockstepProcess.run(folder, LockstepProcess.SMALL_FLAGS, "key", otherKey.toString());
    run = new KeptRun(folder.resolve("run"));
    List<String> arguments =
        new ArrayList<>(
            List.of("launch", "digits", "--workers=2", "--json", "--transport=tcp", "--out=run"));
    overrides(ENDLESS).forEach(override -> arguments.add("--set=" + override));
    launcher =
        LockstepProcess.start(
            folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new));
    launcher.awaitOut("\"event\":\"step\"");
    server = run.node("server-0");
  }

  @AfterAll
  static void killWhatIsLeft() {
    launcher.close();
  }

  /** With a rate that does not depend on the number of steps. */
  private static List<String> overrides(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("data.digits.train=2000", "data.digits.test=500", "schedule.name=constant"));
    Collections.addAll(all, more);
    return all;
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void isRefusedOnTheControlPlane(Stranger stranger) {
    HostPort port = HostPort.parse(server.control()).orElseThrow();
    assertThatCode(() -> stranger.visit(port)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void isRefusedOnTheDataPlane(Stranger stranger) {
    HostPort port = HostPort.parse(server.data()).orElseThrow();
    assertThatCode(() -> stranger.visit(port)).doesNotThrowAnyException();
  }

  private static List<String> logged(String words) {
    return run.log("server-0").lines().filter(line -> line.contains(words)).toList();
  }

  @Test
  @Order(2)
  void aNodeWithAnotherKeyCannotJoin() throws Exception {
    refused(2, OTHER_KEY, "node", "--role=worker", "--bind=127.0.0.1", "--key=" + otherKey);
  }

  @Test
  @Order(2)
  void aRunWithAnotherKeyIsNotTaken() throws Exception {
    refused(2, OTHER_KEY, "train", "digits", "--out=wrong-key", "--key=" + otherKey);
    assertThat(folder.resolve("wrong-key")).doesNotExist();
  }

  @Test
  @Order(2)
  void aRunWithoutKeyIsNotTaken() throws Exception {
    String late = "the cluster at %s could not be joined within 5 s";
    refused(1, late, "train", "digits", "--out=no-key");
  }

  private static void refused(int exitCode, String why, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--join=" + server.control(), WAIT));
    LockstepProcess.Ended ended =
        LockstepProcess.start(folder, LockstepProcess.SMALL_FLAGS, all.toArray(String[]::new))
            .await(REFUSED_WITHIN);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
    assertThat(ended.err()).doesNotContain("internal error", "\tat ");
    assertThat(ended.err().lines().filter(line -> line.startsWith("lockstep: ")))
        .singleElement()
        .asString()
        .contains(why.formatted(server.control()));
  }

  /**
   * All of them are of one host, and those with another key, or none, try again and again. On the
   * control plane some close too early, some do not speak TLS, and some have not the right
   * certificate; on the data plane some close too early, and some do not speak the protocol.
   */
  @Test
  @Order(3)
  void eachKindIsLoggedOnce() {
    await()
        .atMost(LOGGED_WITHIN)
        .until(() -> logged(REFUSED).size() >= 3 && logged(DROPPED).size() >= 2);
    assertThat(logged(REFUSED))
        .hasSize(3)
        .allMatch(line -> line.contains(" WARN "))
        .anyMatch(line -> line.contains("closed by the peer"))
        .anyMatch(line -> line.contains("expected TLS, found "))
        .anyMatch(line -> line.contains("certificate"));
    assertThat(logged(DROPPED))
        .hasSize(2)
        .allMatch(line -> line.contains(" WARN "))
        .anyMatch(line -> line.contains("closed by the peer"))
        .anyMatch(line -> line.contains("frame magic: expected LKST"));
  }

  @Test
  @Order(4)
  void theRunGoesOnUnharmed() throws Exception {
    launcher.interrupt();
    LockstepProcess.Ended ended = launcher.await();
    assertThat(ended.exitCode()).as(ended.err() + run.logs()).isEqualTo(130);
    assertThat(run.events()).isEmpty();

    long steps = run.summary().get("steps").asLong();
    assertThat(run.weights())
        .isEqualTo(
            Training.create(
                    Configuration.bundled("digits", overrides(ENDLESS, "train.maxSteps=" + steps)))
                .run()
                .summary()
                .weightsSha256());
  }
}
