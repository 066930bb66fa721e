package io.lockstep.kernels;

import java.util.EnumSet;
import java.util.Set;

/**
 * What of a set of kernels a training calls beside matrix products, for {@link
 * Kernels#beginWarmUp}. What is not named here is compiled when it is called often enough.
 *
 * @param activations of its layers
 * @param parts the rest
 * @param tiles which register tiles the matrix products take most
 */
public record KernelUse(Set<Activation> activations, Set<Part> parts, Tiles tiles) {

  /** All that there is. */
  public static final KernelUse ALL =
      new KernelUse(EnumSet.allOf(Activation.class), EnumSet.allOf(Part.class), Tiles.ALL);

  /** Makes the sets unmodifiable. */
  public KernelUse {
    activations = Set.copyOf(activations);
    parts = Set.copyOf(parts);
  }

  /** Register tiles by the columns that they compute at a time. */
  public enum Tiles {
    /** Two panels: of layers of more than {@link Panels#WIDTH} columns. */
    WIDE,
    /** One panel: where no layer has more columns than that. */
    NARROW,
    /** All, also those of a number of rows that is no multiple of eight. */
    ALL
  }

  /** Kernels that only some trainings call. */
  public enum Part {
    /** Rows of bytes, such as images. */
    BYTES,
    /** Rows of floats. */
    FLOATS,
    DROPOUT,
    CROSS_ENTROPY,
    SOFTMAX,
    SQUARED_ERROR,
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    ADAGRAD,
    ADADELTA,
    ADAM,
    NADAM,
    CLIP,
    LASSO,
    DOT
  }
}
