package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScaleConditionsTest {

  private static final Machine MACHINE = new Machine("25", "a CPU", 2);
  private static final BuildInfo BUILD = new BuildInfo("0.1", "abc");
  private static final ScaleConditions WHOLE = new ScaleConditions(null, MACHINE, BUILD);

  @TempDir private Path folder;

  @Test
  void whatWasMeasuredUnderOtherConditionsIsRefused() {
    WHOLE.claim(folder);

    assertThatCode(() -> WHOLE.claim(folder)).doesNotThrowAnyException();
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
    several.claim(folder);

    assertThatCode(() -> several.claim(folder)).doesNotThrowAnyException();
    refused(WHOLE, "the same processes, one for all workers, ");
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
