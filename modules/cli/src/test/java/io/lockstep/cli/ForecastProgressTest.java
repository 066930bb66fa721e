package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Stragglers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ForecastProgressTest {

  private static final ClusterSpec PAIR =
      new ClusterSpec(
          2, 1, 1, false, new Hardware(2, false, new Link(1e9, 0), new Stragglers.None()));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ForecastProgress progress(boolean interactive, boolean quiet) {
    return new ForecastProgress(
        Terminal.of(
            out, err, StandardCharsets.UTF_8, interactive, true, () -> Terminal.USUAL_WIDTH),
        quiet);
  }

  private static void all(ForecastProgress progress) {
    progress.begins("measuring");
    progress.measures("passes", 0.3);
    progress.begins("simulating");
    progress.simulates(PAIR);
    progress.ends();
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsInPlaceOnATerminal() {
    all(progress(true, false));

    assertThat(text(err)).isEmpty();
    assertThat(text(out))
        .contains("\rmeasuring here: passes (30 %)", "\rsimulation 1: 2 nodes, 1 server")
        .doesNotContain("\n");
  }

  @Test
  void saysPlainlyWhatBeginsElsewhere() {
    all(progress(false, false));

    assertThat(text(err))
        .isEqualTo("measuring\nsimulating\n".replace("\n", System.lineSeparator()));
    assertThat(text(out)).isEmpty();
  }

  @Test
  void isSilentIfThatIsWanted() {
    all(progress(true, true));
    all(progress(false, true));

    assertThat(text(err)).isEmpty();
    assertThat(text(out)).isEmpty();
  }

  /** Else a line would stand below the message that says why. */
  @Test
  void whoGoesOnAfterTheEndShowsNothing() {
    ForecastProgress progress = progress(true, false);
    all(progress);
    int shown = out.size();

    progress.simulates(PAIR);

    assertThat(out.size()).isEqualTo(shown);
  }
}
