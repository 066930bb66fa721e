package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.ModelException;
import io.lockstep.model.RunLock;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScaleConditionsTest {

  private static final Machine MACHINE = new Machine("25", "a CPU", 2);
  private static final BuildInfo BUILD = new BuildInfo("0.1", "abc");
  private static final ScaleConditions WHOLE = new ScaleConditions(null, MACHINE, BUILD);

  @TempDir private Path folder;

  @Test
  void whatWasMeasuredUnderOtherConditionsIsRefused() {
    WHOLE.claim(folder).close();

    assertThatCode(() -> WHOLE.claim(folder).close()).doesNotThrowAnyException();
    assertThat(Files.exists(folder.resolve("conditions.json"))).isTrue();
    refused(
        new ScaleConditions(two(), MACHINE, BUILD),
        "the same processes, ",
        "those of one for all workers");
    refused(new ScaleConditions(null, new Machine("25", "a CPU", 1), BUILD), "the same machine, ");
    refused(
        new ScaleConditions(null, MACHINE, new BuildInfo("0.1", "def")),
        "the same build, ",
        "commit=abc");
  }

  @Test
  void processesAreReadAsTheyWereWritten() {
    ScaleConditions several = new ScaleConditions(two(), MACHINE, BUILD);
    several.claim(folder).close();

    assertThatCode(() -> several.claim(folder).close()).doesNotThrowAnyException();
    refused(WHOLE, "the same processes, one for all workers, ");
  }

  /** Left so by a full disk, or by hand. */
  @Test
  void damagedConditionsAreRefusedWithARemedy() throws IOException {
    Path file = folder.resolve("conditions.json");
    for (String damaged : List.of("", "null", "{")) {
      Files.writeString(file, damaged);
      assertThatThrownBy(() -> WHOLE.claim(folder))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(
              "conditions.json: expected the conditions of a scaling experiment: ")
          .hasMessageEndingWith("name another --out, or delete the file if there are no runs");
    }
    Files.delete(file);
    WHOLE.claim(folder).close();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("conditions.json", "run.lock");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> WHOLE.claim(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": expected a folder for the experiment, found a file");
  }

  @Test
  void twoCommandsDoNotShareAFolder() {
    try (RunLock held = WHOLE.claim(folder)) {
      assertThatThrownBy(() -> WHOLE.claim(folder))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("still going on");
    }
    assertThatCode(() -> WHOLE.claim(folder).close()).doesNotThrowAnyException();
  }

  private static ScaleChild.Processes two() {
    return new ScaleChild.Processes(2, Transport.TCP);
  }

  private void refused(ScaleConditions other, String... words) {
    assertThatThrownBy(() -> other.claim(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(words)
        .hasMessageEndingWith("; name another --out");
  }
}
