package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With processes of a shell, which trap what asks them to end or do not. */
@Timeout(60)
final class BoundProcessTest {

  private static final int KILLED = 128 + 9;

  private static final Duration LONG = Duration.ofSeconds(50);

  /** A shell that has said that it is ready; what it waits for does not end by itself. */
  private static BoundProcess ready(String trap, Duration patience) throws IOException {
    BoundProcess child =
        BoundProcess.start(
            new ProcessBuilder("sh", "-c", trap + "; echo ready; while :; do read line; done")
                .redirectInput(ProcessBuilder.Redirect.PIPE),
            patience);
    BufferedReader said = child.process().inputReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).isEqualTo("ready");
    return child;
  }

  @Test
  void mayEndInItsOwnWay() throws IOException {
    try (BoundProcess child = ready("trap 'exit 7' TERM", LONG)) {
      child.process().getOutputStream().close();
      child.end();
      assertThat(child.process().exitValue()).isEqualTo(7);
    }
  }

  @Test
  void isKilledIfItDoesNotEnd() throws IOException {
    BoundProcess child = ready("trap '' TERM", Duration.ofMillis(1));
    child.close();

    assertThat(child.process().exitValue()).isEqualTo(KILLED);
  }

  /** A JVM that is asked to end while it waits for a child that is to live on. */
  @Test
  void endsWithTheJvm() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process parent =
        new ProcessBuilder(
                List.of(java, "-cp", System.getProperty("java.class.path"), Parent.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = parent.inputReader(StandardCharsets.UTF_8);
    ProcessHandle child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
    parent.destroy();

    parent.waitFor();
    child.onExit().join();
    assertThat(child.isAlive()).isFalse();
  }

  /** Its child ignores the request to terminate. */
  static final class Parent {

    private Parent() {}

    /** Starts a child, says its number, and waits. */
    public static void main(String[] arguments) throws Exception {
      try (BoundProcess child = ready("trap '' TERM", Duration.ofMillis(1))) {
        System.out.println(child.process().pid());
        child.process().waitFor();
      }
    }
  }

  @Test
  void whatCannotBeStartedLeavesNothingBehind() {
    ProcessBuilder none = new ProcessBuilder(new File("no-such-program").getAbsolutePath());

    assertThatThrownBy(() -> BoundProcess.start(none, LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-program");
  }
}
