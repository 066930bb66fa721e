package io.lockstep;

/** The loss or a weight became NaN or infinite; the last good weights are saved. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;
  private final String layer;

  DivergedException(long step, String layer, String message) {
    super(message);
    this.step = step;
    this.layer = layer;
  }

  /** The step, from 0, whose loss or update was not finite. */
  public long step() {
    return step;
  }

  /** The first layer with a value that is not finite. */
  public String layer() {
    return layer;
  }
}
