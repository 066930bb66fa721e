package io.lockstep.kernels;

/**
 * The scalar twin of the optimizer updates: what each does to one weight, written plainly. The
 * static methods begin within the range: they are for what is left over of a length that fills no
 * whole vectors.
 */
final class ScalarUpdates implements Updates {

  @Override
  public boolean sgd(Range range, float rate) {
    return sgd(range, 0, rate);
  }

  static boolean sgd(Range range, int from, float rate) {
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      finite = store(range, i, Math.fma(-rate, gradient(range, i, theta), theta), finite);
    }
    return finite == 0f;
  }

  @Override
  public boolean momentum(Range range, float rate, float momentum, boolean nesterov) {
    return momentum(range, 0, rate, momentum, nesterov);
  }

  static boolean momentum(Range range, int from, float rate, float momentum, boolean nesterov) {
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float v = flushed(Math.fma(momentum, range.state1[range.stateAt + i], g));
      range.state1[range.stateAt + i] = v;
      float step = nesterov ? Math.fma(momentum, v, g) : v;
      finite = store(range, i, Math.fma(-rate, step, theta), finite);
    }
    return finite == 0f;
  }

  @Override
  public boolean rmsprop(Range range, float rate, double rho, float epsilon, float momentum) {
    return rmsprop(range, 0, rate, rho, epsilon, momentum);
  }

  static boolean rmsprop(
      Range range, int from, float rate, double rho, float epsilon, float momentum) {
    float kept = (float) rho;
    float fresh = (float) (1 - rho);
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float s = flushed(Math.fma(kept, range.state1[range.stateAt + i], fresh * (g * g)));
      range.state1[range.stateAt + i] = s;
      float step = g / ((float) Math.sqrt(s) + epsilon);
      if (momentum > 0f) {
        step = flushed(Math.fma(momentum, range.state2[range.stateAt + i], step));
        range.state2[range.stateAt + i] = step;
      }
      finite = store(range, i, Math.fma(-rate, step, theta), finite);
    }
    return finite == 0f;
  }

  @Override
  public boolean adam(
      Range range,
      float rateOverCorrection1,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon,
      float decoupledDecay) {
    return adam(
        range,
        0,
        rateOverCorrection1,
        inverseRootCorrection2,
        beta1,
        beta2,
        epsilon,
        decoupledDecay);
  }

  static boolean adam(
      Range range,
      int from,
      float rateOverCorrection1,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon,
      float decoupledDecay) {
    float kept1 = (float) beta1;
    float fresh1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float fresh2 = (float) (1 - beta2);
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float m = flushed(Math.fma(kept1, range.state1[range.stateAt + i], fresh1 * g));
      float s = flushed(Math.fma(kept2, range.state2[range.stateAt + i], fresh2 * (g * g)));
      range.state1[range.stateAt + i] = m;
      range.state2[range.stateAt + i] = s;
      float step = m / Math.fma((float) Math.sqrt(s), inverseRootCorrection2, epsilon);
      float shrunk = Math.fma(-decoupledDecay, theta, theta);
      finite = store(range, i, Math.fma(-rateOverCorrection1, step, shrunk), finite);
    }
    return finite == 0f;
  }

  @Override
  public void clip(Range range, float limit) {
    clip(range, 0, limit);
  }

  static void clip(Range range, int from, float limit) {
    for (int i = from; i < range.length; i++) {
      float g = range.gradient[range.gradientAt + i];
      float within = g > limit ? limit : g < -limit ? -limit : g;
      range.gradient[range.gradientAt + i] = g * 0f == 0f ? within : g;
    }
  }

  @Override
  public void shrink(Range range, float amount) {
    shrink(range, 0, amount);
  }

  static void shrink(Range range, int from, float amount) {
    for (int i = from; i < range.length; i++) {
      float weight = range.next[range.nextAt + i];
      float size = Math.abs(weight) - amount;
      range.next[range.nextAt + i] = size < Float.MIN_NORMAL ? 0f : weight < 0f ? -size : size;
    }
  }

  @Override
  public double dot(float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = length - length % CHAINS;
    double sum = chains(x, xAt, y, yAt, whole, CHAINS);
    return addRest(sum, x, xAt, y, yAt, whole, length);
  }

  private static double chains(float[] x, int xAt, float[] y, int yAt, int whole, int chains) {
    if (chains == 1) {
      return chain(x, xAt, y, yAt, whole);
    }
    int half = chains / 2;
    return chains(x, xAt, y, yAt, whole, half) + chains(x, xAt + half, y, yAt + half, whole, half);
  }

  private static double chain(float[] x, int xAt, float[] y, int yAt, int whole) {
    double sum = 0;
    for (int i = 0; i < whole; i += CHAINS) {
      sum += (double) x[xAt + i] * y[yAt + i]; // The product is exact.
    }
    return sum;
  }

  /** The elements of a dot product that fill no whole row of chains. */
  static double addRest(double sum, float[] x, int xAt, float[] y, int yAt, int from, int length) {
    for (int i = from; i < length; i++) {
      sum += (double) x[xAt + i] * y[yAt + i]; // The product is exact.
    }
    return sum;
  }

  @Override
  public boolean adagrad(Range range, float rate, float epsilon) {
    return adagrad(range, 0, rate, epsilon);
  }

  static boolean adagrad(Range range, int from, float rate, float epsilon) {
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float s = flushed(Math.fma(g, g, range.state1[range.stateAt + i]));
      range.state1[range.stateAt + i] = s;
      float step = g / ((float) Math.sqrt(s) + epsilon);
      finite = store(range, i, Math.fma(-rate, step, theta), finite);
    }
    return finite == 0f;
  }

  @Override
  public boolean adadelta(Range range, float rate, double rho, float epsilon) {
    return adadelta(range, 0, rate, rho, epsilon);
  }

  static boolean adadelta(Range range, int from, float rate, double rho, float epsilon) {
    float kept = (float) rho;
    float fresh = (float) (1 - rho);
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float s = flushed(Math.fma(kept, range.state1[range.stateAt + i], fresh * (g * g)));
      float d = range.state2[range.stateAt + i];
      float u = (float) Math.sqrt(d + epsilon) / (float) Math.sqrt(s + epsilon) * g;
      range.state1[range.stateAt + i] = s;
      range.state2[range.stateAt + i] = flushed(Math.fma(kept, d, fresh * (u * u)));
      finite = store(range, i, Math.fma(-rate, u, theta), finite);
    }
    return finite == 0f;
  }

  @Override
  public boolean nadam(
      Range range,
      float gradientRate,
      float momentRate,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon) {
    return nadam(range, 0, gradientRate, momentRate, inverseRootCorrection2, beta1, beta2, epsilon);
  }

  static boolean nadam(
      Range range,
      int from,
      float gradientRate,
      float momentRate,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon) {
    float kept1 = (float) beta1;
    float fresh1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float fresh2 = (float) (1 - beta2);
    float finite = 0f;
    for (int i = from; i < range.length; i++) {
      float theta = range.theta[range.thetaAt + i];
      float g = gradient(range, i, theta);
      float m = flushed(Math.fma(kept1, range.state1[range.stateAt + i], fresh1 * g));
      float s = flushed(Math.fma(kept2, range.state2[range.stateAt + i], fresh2 * (g * g)));
      range.state1[range.stateAt + i] = m;
      range.state2[range.stateAt + i] = s;
      float direction = Math.fma(momentRate, m, gradientRate * g);
      float step = direction / Math.fma((float) Math.sqrt(s), inverseRootCorrection2, epsilon);
      finite = store(range, i, theta - step, finite);
    }
    return finite == 0f;
  }

  private static float gradient(Range range, int i, float theta) {
    return Math.fma(range.decay, theta, range.gradient[range.gradientAt + i] * range.scale);
  }

  /**
   * Stores a new weight; what is returned stays 0 as long as all weights are finite, and then is
   * NaN.
   */
  private static float store(Range range, int i, float weight, float finite) {
    float next = flushed(weight);
    range.next[range.nextAt + i] = next;
    return Math.fma(next, 0f, finite);
  }

  private static float flushed(float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? 0f : x;
  }
}
