package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * L-BFGS (Liu and Nocedal 1989) on the whole objective: every step sees all rows, and its version
 * is a trial point, accepted or not, of a line search. For objectives that are smooth and fixed: no
 * dropout, no batch normalization, no L1.
 *
 * <p>The direction is the two-loop recursion's, but run on dot products in place of vectors (Chen,
 * Wang and Zhou 2014): the totals are the dot products of all vectors that there are, and whoever
 * has a part of θ comes to the same coefficients from them, see {@link LbfgsStep}. Nothing else is
 * kept: where the line search stands follows from the vectors. So a checkpoint, a standby and
 * another number of servers need no more than the state arrays. At each element these are s₁, …,
 * sₘ, the differences of accepted points, the newest first; y₁, …, yₘ, those of their gradients; x,
 * the last accepted point, and its gradient.
 *
 * <p>Trial points are accepted by slopes alone, with the upper of the approximate Wolfe conditions
 * (Hager and Zhang 2005): losses in float are equal long before slopes are 0. The length of the
 * first trial is the quasi-Newton step's, so no learning rate is used.
 *
 * @param memory m, the number of pairs s, y, from 1 to 20
 * @param weightDecay λ of L2 weight decay, λ/2 · ‖θ‖² of the objective, at least 0
 */
public record Lbfgs(int memory, double weightDecay) implements Optimizer {

  /** With more the totals would be too many for a message. */
  private static final int MOST_MEMORY = 20;

  /** A step's coefficients, computed again for each piece; several threads update pieces. */
  private static final ThreadLocal<LbfgsStep> STEP = new ThreadLocal<>();

  /** Checks the parameters. */
  public Lbfgs {
    if (memory < 1 || memory > MOST_MEMORY) {
      throw new IllegalArgumentException(
          "lbfgs memory: expected from 1 to %d but found %d".formatted(MOST_MEMORY, memory));
    }
    Checks.requireNotNegative("lbfgs weightDecay", weightDecay);
  }

  /** With ten pairs, without weight decay. */
  public Lbfgs() {
    this(10, 0);
  }

  @Override
  public int stateArrays() {
    return 2 * memory + 2;
  }

  @Override
  public int totals() {
    return LbfgsStep.products(memory);
  }

  @Override
  public boolean totalsOfState() {
    return true;
  }

  /** Adds the dot products of all pairs of vectors; those of λ · θ are 0 where nothing decays. */
  @Override
  public void measure(Kernels kernels, Updates.Range range, double[] parts, int at) {
    int vectors = LbfgsStep.vectors(memory);
    int product = at;
    for (int i = 0; i < vectors; i++) {
      double factor = factor(range, i);
      for (int j = 0; j <= i; j++, product++) {
        if (factor != 0) {
          parts[product] += factor * factor(range, j) * dot(kernels, range, i, j);
        }
      }
    }
  }

  /** What a vector is multiplied by: λ · θ is no array. */
  private double factor(Updates.Range range, int vector) {
    return vector == LbfgsStep.decay(memory) ? range.decay : 1;
  }

  private double dot(Kernels kernels, Updates.Range range, int i, int j) {
    return kernels
        .updates()
        .dot(array(range, i), start(range, i), array(range, j), start(range, j), range.length);
  }

  private float[] array(Updates.Range range, int vector) {
    if (vector < stateArrays()) {
      return range.states[vector];
    }
    return vector == LbfgsStep.gradient(memory) ? range.gradient : range.theta;
  }

  private int start(Updates.Range range, int vector) {
    if (vector < stateArrays()) {
      return range.stateAt;
    }
    return vector == LbfgsStep.gradient(memory) ? range.gradientAt : range.thetaAt;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    LbfgsStep step = STEP.get();
    if (step == null || step.memory() != memory) {
      step = new LbfgsStep(memory);
      STEP.set(step);
    }
    step.compute(totals, range.scale);
    if (step.isSettled()) {
      return stay(range);
    }
    return step.isAccepted() ? move(range, step) : shorten(range, (float) step.ratio());
  }

  private static boolean stay(Updates.Range range) {
    System.arraycopy(range.theta, range.thetaAt, range.next, range.nextAt, range.length);
    return true;
  }

  /** next = x + ratio · (θ − x): another trial point of the same line search. */
  private boolean shorten(Updates.Range range, float ratio) {
    float[] accepted = range.states[LbfgsStep.accepted(memory)];
    boolean finite = true;
    for (int i = 0; i < range.length; i++) {
      float x = accepted[range.stateAt + i];
      float next = flushed(x + ratio * (range.theta[range.thetaAt + i] - x));
      range.next[range.nextAt + i] = next;
      finite &= Float.isFinite(next);
    }
    return finite;
  }

  /** θ is accepted: the first trial point of the line search that begins there. */
  private boolean move(Updates.Range range, LbfgsStep step) {
    float[] accepted = range.states[LbfgsStep.accepted(memory)];
    float[] gradients = range.states[LbfgsStep.slopes(memory)];
    boolean finite = true;
    for (int i = 0; i < range.length; i++) {
      int at = range.stateAt + i;
      float theta = range.theta[range.thetaAt + i];
      float g = flushed(range.gradient[range.gradientAt + i] * range.scale + range.decay * theta);
      float s = flushed(theta - accepted[at]);
      float y = flushed(g - gradients[at]);
      float next = flushed((float) (theta + direction(range.states, at, s, y, g, step)));
      keep(range.states, at, s, y, step);
      accepted[at] = theta;
      gradients[at] = g;
      range.next[range.nextAt + i] = next;
      finite &= Float.isFinite(next);
    }
    return finite;
  }

  private double direction(float[][] states, int at, float s, float y, float g, LbfgsStep step) {
    double p = step.ofGradient() * g + step.ofS(0) * s + step.ofY(0) * y;
    for (int i = 0; i < memory; i++) {
      p += step.ofS(i + 1) * states[i][at] + step.ofY(i + 1) * states[memory + i][at];
    }
    return p;
  }

  private void keep(float[][] states, int at, float s, float y, LbfgsStep step) {
    if (step.forgets()) {
      for (int i = 0; i < 2 * memory; i++) {
        states[i][at] = 0;
      }
    } else if (step.keepsPair()) {
      for (int i = memory - 1; i > 0; i--) {
        states[i][at] = states[i - 1][at];
        states[memory + i][at] = states[memory + i - 1][at];
      }
      states[0][at] = s;
      states[memory][at] = y;
    }
  }

  private static float flushed(float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? 0 : x;
  }

  @Override
  public String describe() {
    return "lbfgs(memory=" + memory + ", weightDecay=" + weightDecay + ")";
  }
}
