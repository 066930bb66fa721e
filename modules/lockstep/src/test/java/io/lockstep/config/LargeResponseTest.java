package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LargeResponseTest {

  private static Optional<String> warning(String response, double... targets) {
    return LargeResponse.warning(response, targets.length, row -> targets[row]);
  }

  @Test
  void namesResponseAndRemedy() {
    assertThat(warning("body_mass_g", 3400, 5000))
        .contains(
            "the response body_mass_g has mean 4200 and standard deviation 800.0, too large for hidden layers to fit well: write I(body_mass_g/1000) ~ … instead");
  }

  @Test
  void isSilentAboutModerateNumbers() {
    assertThat(warning("y", -19, 19)).isEmpty();
    assertThat(warning("y", 0, 0)).isEmpty();
  }
}
