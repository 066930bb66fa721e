package io.lockstep.training;

/**
 * Two versions of a range of packed θ, in one array for even and one for odd versions: version v +
 * 1 of a bucket overwrites v − 1 when its gradient is complete, for then nobody reads v − 1 any
 * more.
 */
public final class Theta {

  private final int from;
  private final float[] even;
  private final float[] odd;

  /**
   * @param from position in packed θ of the first float
   * @param length floats of one version
   */
  public Theta(int from, int length) {
    this.from = from;
    this.even = new float[length];
    this.odd = new float[length];
  }

  /** Position in packed θ of the first float. */
  public int from() {
    return from;
  }

  /** The array that {@code version} stands in, or is to stand in. */
  public float[] array(long version) {
    return (version & 1) == 0 ? even : odd;
  }
}
