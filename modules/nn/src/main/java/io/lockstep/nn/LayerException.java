package io.lockstep.nn;

/** A {@link CustomLayer} threw an exception while it computed. */
public final class LayerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LayerException(String layer, CustomLayer custom, String doing, RuntimeException cause) {
    super(
        "layer %s: %s of %s failed: %s".formatted(layer, doing, custom.getClass().getName(), cause),
        cause);
  }
}
