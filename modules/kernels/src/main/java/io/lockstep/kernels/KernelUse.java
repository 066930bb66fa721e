package io.lockstep.kernels;

import java.util.EnumSet;
import java.util.Set;

/**
 * What of a set of kernels a training calls beside matrix products, for {@link
 * Kernels#beginWarmUp}. What is not named here is compiled when it is called often enough.
 *
 * @param activations of its layers
 * @param parts the rest
 * @param smallTiles also the products of a number of rows that is no multiple of eight
 */
public record KernelUse(Set<Activation> activations, Set<Part> parts, boolean smallTiles) {

  /** All that there is. */
  public static final KernelUse ALL =
      new KernelUse(EnumSet.allOf(Activation.class), EnumSet.allOf(Part.class), true);

  /** Makes the sets unmodifiable. */
  public KernelUse {
    activations = Set.copyOf(activations);
    parts = Set.copyOf(parts);
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
