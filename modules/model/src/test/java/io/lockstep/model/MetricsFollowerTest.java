package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsFollowerTest {

  @TempDir private Path folder;

  private static Metrics.Step step(long number) {
    return new Metrics.Step(number, 1, 0.5, 0.25, 0.1, 1000, 2);
  }

  @Test
  void readsWhatIsNewAsSoonAsItIsWritten() {
    Path file = folder.resolve("metrics.jsonl");
    MetricsFollower follower = new MetricsFollower(file);
    assertThat(follower.more()).isEmpty();
    try (MetricsLog log = MetricsLog.open(file)) {
      log.write(step(1));
      log.write(step(2));
      assertThat(follower.more()).containsExactly(step(1), step(2));
      assertThat(follower.more()).isEmpty();
      log.write(step(3));
      assertThat(follower.more()).containsExactly(step(3));
    }
  }

  @Test
  void waitsForTheEndOfALine() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    MetricsFollower follower = new MetricsFollower(file);
    String line = step(1).toJson() + "\n";
    Files.writeString(file, line.substring(0, 20));
    assertThat(follower.more()).isEmpty();
    Files.writeString(file, line.substring(20), StandardOpenOption.APPEND);
    assertThat(follower.more()).containsExactly(step(1));
  }

  @Test
  void namesTheLineThatIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("metrics.jsonl"), step(1).toJson() + "\nno\n");
    assertThatThrownBy(() -> new MetricsFollower(file).more())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + ":2: ");
  }
}
