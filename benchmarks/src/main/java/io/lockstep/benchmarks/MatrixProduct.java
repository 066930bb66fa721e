package io.lockstep.benchmarks;

import java.util.Locale;

/**
 * One of the matrix products of a dense layer's training.
 *
 * @param kind which
 * @param rows rows of the batch
 * @param in columns of the layer's input
 * @param out columns of its output
 */
public record MatrixProduct(Kind kind, int rows, int in, int out) {

  /** Which of a layer's three products. */
  public enum Kind {
    /** Y = X·W: rows by out, over in. */
    FORWARD("Y = X·W"),
    /** dW = Xᵀ·dY: in by out, over the rows. */
    WEIGHTS("dW = Xᵀ·dY"),
    /** dX = dY·Wᵀ: rows by in, over out. */
    INPUTS("dX = dY·Wᵀ");

    private final String formula;

    Kind(String formula) {
      this.formula = formula;
    }

    /** As it is written in formulas. */
    public String formula() {
      return formula;
    }
  }

  /** Floating-point operations: a multiplication and an addition for each of rows · in · out. */
  public double operations() {
    return 2.0 * rows * in * out;
  }

  /** As {@link #parse} reads it. */
  public String words() {
    return String.join(" ", kind.name().toLowerCase(Locale.ROOT), "" + rows, "" + in, "" + out);
  }

  /** The product that the first four of {@code words} name. */
  public static MatrixProduct parse(String[] words) {
    return new MatrixProduct(
        Kind.valueOf(words[0].toUpperCase(Locale.ROOT)),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]));
  }
}
