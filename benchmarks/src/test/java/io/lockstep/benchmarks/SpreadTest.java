package io.lockstep.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {

  /** R 4.3: {@code quantile(c(9, 1, 4, 2), c(.25, .5, .75))} is 1.75, 3, 5.25. */
  @Test
  void isThatOfR() {
    assertEquals(new Spread(1.75, 3, 5.25, 4), Spread.of(List.of(9.0, 1.0, 4.0, 2.0)));
  }

  /** R 4.3: {@code quantile(c(5, 1, 3), c(.25, .5, .75))} is 2, 3, 4. */
  @Test
  void takesTheMiddleOfAnOddNumber() {
    assertEquals(new Spread(2, 3, 4, 3), Spread.of(List.of(5.0, 1.0, 3.0)));
    assertEquals(3, Spread.median(List.of(5.0, 1.0, 3.0)));
  }

  @Test
  void showsQuartilesWhereThereAreSome() {
    assertEquals("3.0 (2.0 to 4.0)", new Spread(2, 3, 4, 3).text("%.1f"));
    assertEquals("1,234", Spread.of(List.of(1234.0)).text("%,.0f"));
    assertEquals("0.003 (0.002 to 0.004)", new Spread(2, 3, 4, 3).times(1e-3).text("%.3f"));
  }

  @Test
  void refusesNoMeasurement() {
    assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
  }
}
