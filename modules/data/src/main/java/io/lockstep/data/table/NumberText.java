package io.lockstep.data.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as R writes them. Stateless. */
public final class NumberText {

  private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

  private NumberText() {}

  /**
   * A finite number as R's {@code as.character} of a double: with at most 15 significant digits,
   * fixed or scientific, whichever is shorter.
   */
  public static String of(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    String fixed = rounded.toPlainString();
    String scientific = scientific(rounded);
    return fixed.length() <= scientific.length() ? fixed : scientific;
  }

  /** As R writes a value of a column: a whole number as an integer, others as {@link #of} does. */
  static String ofCell(double value) {
    boolean integer = value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE;
    return integer ? Long.toString((long) value) : of(value);
  }

  private static String scientific(BigDecimal value) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - value.scale();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return "%s%se%s%02d"
        .formatted(
            value.signum() < 0 ? "-" : "", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
