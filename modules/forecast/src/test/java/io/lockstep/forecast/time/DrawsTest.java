package io.lockstep.forecast.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.CounterRandom.Purpose;
import org.junit.jupiter.api.Test;

class DrawsTest {

  private static final int COUNT = 100_000;

  private final Draws draws = new Draws(3);

  /** Mean 0, variance 1 and kurtosis 3, to six standard deviations of each. */
  @Test
  void normalDrawsAreNormal() {
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (int i = 0; i < COUNT; i++) {
      double z = draws.normal(Purpose.STRAGGLERS, i % 100, i / 100);
      sum += z;
      squares += z * z;
      fourths += z * z * z * z;
    }
    assertThat(sum / COUNT).isCloseTo(0, within(6 * Math.sqrt(1.0 / COUNT)));
    assertThat(squares / COUNT).isCloseTo(1, within(6 * Math.sqrt(2.0 / COUNT)));
    assertThat(fourths / COUNT).isCloseTo(3, within(6 * Math.sqrt(96.0 / COUNT)));
  }

  @Test
  void lognormalDrawsHaveMeanOne() {
    double sigma = 0.5;
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      sum += draws.lognormal(sigma, Purpose.STRAGGLERS, i, 1);
    }
    double deviation = Math.sqrt(Math.expm1(sigma * sigma) / COUNT);
    assertThat(sum / COUNT).isCloseTo(1, within(6 * deviation));
    assertThat(draws.lognormal(0, Purpose.STRAGGLERS, 1, 1)).isEqualTo(1);
  }

  @Test
  void aDrawDependsOnSeedPurposeNodeAndStepAlone() {
    double z = draws.normal(Purpose.STRAGGLERS, 5, 9);

    assertThat(new Draws(3).normal(Purpose.STRAGGLERS, 5, 9)).isEqualTo(z);
    assertThat(new Draws(4).normal(Purpose.STRAGGLERS, 5, 9)).isNotEqualTo(z);
    assertThat(draws.normal(Purpose.FAILURES, 5, 9)).isNotEqualTo(z);
    assertThat(draws.normal(Purpose.STRAGGLERS, 6, 9)).isNotEqualTo(z);
    assertThat(draws.normal(Purpose.STRAGGLERS, 5, 10)).isNotEqualTo(z);
  }
}
