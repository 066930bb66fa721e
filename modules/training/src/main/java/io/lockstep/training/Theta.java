package io.lockstep.training;

/**
 * Two versions of a range of packed θ, in one array for even and one for odd versions: version v +
 * 1 of a bucket overwrites v − 1 when its gradient is complete, for then nobody reads v − 1 any
 * more.
 *
 * <p>Hollow, it stands for weights without holding them: in a simulation of many nodes all happens
 * but the arithmetic. Then each array beside them is empty, too, and kernels are given that do not
 * look into them.
 */
public final class Theta {

  private final int from;
  private final boolean hollow;
  private final float[] even;
  private final float[] odd;

  /**
   * @param from position in packed θ of the first float
   * @param length floats of one version
   */
  public Theta(int from, int length) {
    this(from, length, false);
  }

  private Theta(int from, int length, boolean hollow) {
    this.from = from;
    this.hollow = hollow;
    this.even = new float[length];
    this.odd = new float[length];
  }

  /**
   * Weights that are not held.
   *
   * @param from position in packed θ of the first
   */
  public static Theta hollow(int from) {
    return new Theta(from, 0, true);
  }

  /** Position in packed θ of the first float. */
  public int from() {
    return from;
  }

  /** The array that {@code version} stands in, or is to stand in. */
  public float[] array(long version) {
    return (version & 1) == 0 ? even : odd;
  }

  /** How many are held of {@code length} floats that belong to these, such as their gradient. */
  int held(int length) {
    return hollow ? 0 : length;
  }

  /** Copies floats that belong to these weights, if they are held. */
  void copy(float[] source, int sourceAt, float[] target, int targetAt, int length) {
    if (!hollow) {
      System.arraycopy(source, sourceAt, target, targetAt, length);
    }
  }
}
