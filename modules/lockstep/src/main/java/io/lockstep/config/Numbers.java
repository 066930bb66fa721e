package io.lockstep.config;

import com.typesafe.config.ConfigValue;
import java.math.BigDecimal;
import java.util.Optional;

/** Numbers as HOCON writes them: as such, or as a text that reads as one. */
final class Numbers {

  private Numbers() {}

  /** Empty unless the value is a whole number that fits a long. */
  static Optional<Long> whole(ConfigValue value) {
    try {
      return decimal(value).map(BigDecimal::longValueExact);
    } catch (ArithmeticException fractionOrTooLarge) {
      return Optional.empty();
    }
  }

  /** Empty unless the value is a finite number. */
  static Optional<Double> real(ConfigValue value) {
    return decimal(value).map(BigDecimal::doubleValue).filter(Double::isFinite);
  }

  private static Optional<BigDecimal> decimal(ConfigValue value) {
    Object plain = value.unwrapped();
    if (!(plain instanceof Number) && !(plain instanceof String)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(plain.toString().strip()))
          .filter(number -> Math.abs((long) number.scale()) < 1000);
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }
}
