package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShellWordsTest {

  private static final List<String> WORDS =
      List.of("--workers", "1,2", "--set", "network.layers=[{a = \"b c\"}]", "", "it's", "$HOME *");

  @Test
  void aShellReadsTheWordsAgain() throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf '%s\\n' " + ShellWords.join(WORDS)).start();

    assertThat(shell.inputReader(StandardCharsets.UTF_8).lines().toList()).isEqualTo(WORDS);
  }

  @Test
  void plainWordsStayAsTheyAre() {
    assertThat(ShellWords.join(List.of("scale", "conf/mnist.conf", "--until=accuracy=0.97")))
        .isEqualTo("scale conf/mnist.conf --until=accuracy=0.97");
  }
}
