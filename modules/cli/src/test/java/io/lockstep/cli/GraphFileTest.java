package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GraphFileTest {

  @TempDir private Path folder;

  private CommandLineRun inspect(String file) {
    return CommandLineRun.of(
        "inspect",
        "linear",
        "--set",
        "data.digits.train=300",
        "--set",
        "data.digits.test=50",
        "--graph",
        folder.resolve(file).toString());
  }

  @Test
  void drawsTheGraphAsSvgOrDot() throws IOException {
    CommandLineRun svg = inspect("a.svg");
    assertThat(svg.exitCode()).isZero();
    assertThat(svg.lines().getLast()).isEqualTo("graph       " + folder.resolve("a.svg"));
    assertThat(folder.resolve("a.svg")).content().startsWith("<svg ").contains("[784 × 10]");

    assertThat(inspect("a.dot").exitCode()).isZero();
    assertThat(folder.resolve("a.dot")).content().startsWith("digraph ").contains("[rows × 784]");
  }

  @Test
  void refusesOtherFilesBeforeAnythingElse() {
    CommandLineRun other = inspect("a.png");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.out()).isEmpty();
    assertThat(other.err())
        .contains("lockstep: --graph: expected a file that ends in .svg or .dot but found ");
    assertThat(Files.exists(folder.resolve("a.png"))).isFalse();
  }

  @Test
  void saysThatAFileCannotBeWritten() {
    CommandLineRun run = inspect("nowhere/a.svg");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--graph: cannot write ");
  }
}
