package io.lockstep.nn;

import java.util.List;

/**
 * A column of codes that an embedding reads, and what is done with other numbers in it.
 *
 * @param column of its input, from 0
 * @param levels codes are the whole numbers from 0 to levels − 1
 * @param others what any other number becomes
 * @param rows [levels], how many of the rows learned from have each level, for {@link Others#MEAN};
 *     else empty
 */
public record Codes(int column, int levels, Others others, List<Integer> rows) {

  /** What a number becomes that is none of the codes. */
  public enum Others {
    /** It is an error. */
    FAIL,
    /** Zeros. */
    ZERO,
    /** The mean of E over the rows learned from; so does a level that none of these rows has. */
    MEAN
  }

  /** Keeps a copy. */
  public Codes {
    rows = List.copyOf(rows);
  }

  /**
   * Of levels of which nothing is known but their number.
   *
   * @param unseenIsZero whether other numbers become zeros; else they are an error
   */
  public static Codes of(int column, int levels, boolean unseenIsZero) {
    return new Codes(column, levels, unseenIsZero ? Others.ZERO : Others.FAIL, List.of());
  }

  /**
   * Of levels that rows were counted of.
   *
   * @param rows [levels]
   */
  public static Codes counted(int column, List<Integer> rows) {
    return new Codes(column, rows.size(), Others.MEAN, rows);
  }

  /** The code that a number is; −1 if it is none. */
  int code(float value) {
    int code = (int) value;
    return code == value && code >= 0 && code < levels ? code : -1;
  }

  /** Whether a number is an error. */
  public boolean refuses(float value) {
    return others == Others.FAIL && code(value) < 0;
  }

  /** In words what a number has to be. */
  public String expected() {
    return "a whole number from 0 to " + (levels - 1);
  }
}
