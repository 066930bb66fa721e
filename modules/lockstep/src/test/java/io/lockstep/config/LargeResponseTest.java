package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Dataset;
import org.junit.jupiter.api.Test;

class LargeResponseTest {

  private static Dataset rows(float... targets) {
    return Dataset.ofFloats("rows", targets.length, 1, new float[targets.length], targets, 1);
  }

  @Test
  void namesResponseAndRemedy() {
    assertThat(LargeResponse.warning("body_mass_g", rows(3400, 5000)))
        .contains(
            "the response body_mass_g has mean 4200 and standard deviation 800.0, too large for hidden layers to fit well: write I(body_mass_g/1000) ~ … instead");
  }

  @Test
  void isSilentAboutModerateNumbers() {
    assertThat(LargeResponse.warning("y", rows(-19, 19))).isEmpty();
    assertThat(LargeResponse.warning("y", rows(0, 0))).isEmpty();
  }
}
