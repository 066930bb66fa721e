package io.lockstep.kernels;

/**
 * Optimizer updates over a contiguous range of θ: next = θ − step(g), with g = gradient · scale;
 * and dot products, which some of them need over all of θ.
 *
 * <p>Each update returns whether every new weight is finite. Any state that falls below {@link
 * Float#MIN_NORMAL} in magnitude is flushed to zero, since denormal arithmetic is 30 times slower,
 * and so is a new weight. {@code next} may be θ itself. With {@code decay} above 0, g += decay · θ
 * first (L2), or, for {@link #adam} with {@code decoupled}, θ shrinks by rate · decay · θ
 * (Loshchilov and Hutter 2019). Nothing is allocated. The range is the one that {@link Range}
 * names.
 *
 * <p>Fractions of which 1 − fraction is needed too are doubles, since 1 − 0.999f is 1.3e-5 away
 * from 0.001. A range of length 0 is finite.
 */
public interface Updates {

  /** Chains of {@link #dot}. */
  int CHAINS = 8;

  /**
   * Where an update works; one mutable object per thread, so that calls stay short and nothing is
   * allocated.
   */
  final class Range {
    public float[] theta;
    public int thetaAt;
    public float[] next;
    public int nextAt;
    public float[] gradient;
    public int gradientAt;

    /**
     * First state array of the optimizer (velocity, squared gradients or first moment), from {@link
     * #stateAt}.
     */
    public float[] state1;

    /** Second state array (momentum of RMSprop, second moment of Adam), from {@link #stateAt}. */
    public float[] state2;

    /**
     * All state arrays, for optimizers with more than these two; see {@link #states(float[][])}.
     */
    public float[][] states;

    public int stateAt;
    public int length;

    /** What the sum of gradients is multiplied by: one over the step's sum of weights. */
    public float scale;

    public float decay;

    /** λ of L1 regularization, see {@link #shrink}. */
    public float lasso;

    /** Sets the optimizer's state arrays, as many as there are. */
    public void states(float[][] arrays) {
      states = arrays;
      state1 = arrays.length > 0 ? arrays[0] : null;
      state2 = arrays.length > 1 ? arrays[1] : null;
    }
  }

  /**
   * Each gradient that is finite is brought to within ±limit, in its own array: doing it again
   * changes nothing. Those that are not finite stay, so that they are noticed.
   */
  void clip(Range range, float limit);

  /**
   * Each weight of {@link Range#next} comes closer to 0 by {@code amount}, and stays there: the
   * proximal operator of L1 regularization (Daubechies, Defrise, De Mol 2004).
   */
  void shrink(Range range, float amount);

  /**
   * The dot product of x and y over {@code length} floats, in double: product and sum of each
   * element are rounded once. Element i belongs to chain i mod 8, in increasing i; the eight chains
   * are added as neighbours in a tree; then come, one by one, the elements beyond the last whole
   * eight.
   */
  double dot(float[] x, int xAt, float[] y, int yAt, int length);

  /** next = θ − rate · g. */
  boolean sgd(Range range, float rate);

  /**
   * v = momentum · v + g; next = θ − rate · v, or with {@code nesterov} θ − rate · (g + momentum ·
   * v) (Sutskever et al. 2013, in the form with the rate outside v). State 1 is v; it starts from
   * zero.
   */
  boolean momentum(Range range, float rate, float momentum, boolean nesterov);

  /**
   * s = rho · s + (1 − rho) · g²; u = g / (√s + epsilon) (Tieleman and Hinton 2012); next = θ −
   * rate · u, or with momentum above 0: v = momentum · v + u, next = θ − rate · v. State 1 is s,
   * state 2 is v (null without momentum).
   */
  boolean rmsprop(Range range, float rate, double rho, float epsilon, float momentum);

  /** s = s + g²; next = θ − rate · g / (√s + epsilon) (Duchi, Hazan, Singer 2011). State 1 is s. */
  boolean adagrad(Range range, float rate, float epsilon);

  /**
   * s = rho · s + (1 − rho) · g²; u = √(d + epsilon) / √(s + epsilon) · g; d = rho · d + (1 − rho)
   * · u²; next = θ − rate · u (Zeiler 2012). State 1 is s, state 2 is d.
   */
  boolean adadelta(Range range, float rate, double rho, float epsilon);

  /**
   * m and s as those of {@link #adam}; next = θ − (gradientRate · g + momentRate · m) / (√s /
   * √correction2 + epsilon) (Dozat 2016), the rates being computed in double by the caller.
   */
  boolean nadam(
      Range range,
      float gradientRate,
      float momentRate,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon);

  /**
   * m = beta1 · m + (1 − beta1) · g; s = beta2 · s + (1 − beta2) · g²; next = θ − rate /
   * correction1 · m / (√s / √correction2 + epsilon) (Kingma and Ba 2015), correction1 = 1 − beta1ᵗ,
   * correction2 = 1 − beta2ᵗ for update t = 1, 2, …, computed in double by the caller. State 1 is
   * m, state 2 is s.
   *
   * @param rateOverCorrection1 rate / correction1
   * @param inverseRootCorrection2 1 / √correction2
   * @param decoupledDecay rate · decay of AdamW, 0 for Adam; {@link Range#decay} is then 0
   */
  boolean adam(
      Range range,
      float rateOverCorrection1,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon,
      float decoupledDecay);
}
