package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  private static final List<String> KNOWN = List.of("g", "hr", "temp", "body_mass_g");

  @ParameterizedTest
  @CsvSource({"G, g", "rh, hr", "tmep, temp", "tem, temp", "bodymass_g, body_mass_g"})
  void findsWhatIsNear(String name, String near) {
    assertThat(NearestName.of(name, KNOWN)).contains(near);
  }

  @ParameterizedTest
  @CsvSource({"x", "xy", "wind", "wage"})
  void guessesNothingThatIsNotNear(String name) {
    assertThat(NearestName.of(name, KNOWN)).isEmpty();
  }
}
