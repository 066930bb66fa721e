package io.lockstep.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LbfgsTest {

  private static final int ROWS = 200;
  private static final int SIZE = 12;

  private final Random random = new Random(3);
  private final double[][] rows = new double[ROWS][SIZE];

  LbfgsTest() {
    for (double[] row : rows) {
      row[0] = 1;
      for (int i = 1; i < SIZE; i++) {
        row[i] = random.nextGaussian() + 0.5 * row[i - 1];
      }
    }
  }

  /** The gradient of a loss, summed over the rows. */
  private interface Loss {
    double slope(int row, double predictor);
  }

  private double[] gradient(Loss loss, double[] theta) {
    double[] gradient = new double[SIZE];
    for (int row = 0; row < ROWS; row++) {
      double slope = loss.slope(row, dot(rows[row], theta));
      for (int i = 0; i < SIZE; i++) {
        gradient[i] += slope * rows[row][i];
      }
    }
    return gradient;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** The optimizer on float arrays, whose piece is all of θ. */
  private final class Descent {

    final Optimizer optimizer;
    final Kernels kernels = KernelSets.all().getLast();
    final Updates.Range range = new Updates.Range();

    Descent(Optimizer optimizer) {
      this.optimizer = optimizer;
      range.theta = new float[SIZE];
      range.next = new float[SIZE];
      range.states(new float[optimizer.stateArrays()][SIZE]);
      range.length = SIZE;
      range.scale = 1f / ROWS;
      range.decay = (float) optimizer.weightDecay();
    }

    double[] theta() {
      double[] theta = new double[SIZE];
      Arrays.setAll(theta, i -> range.theta[i]);
      return theta;
    }

    void step(Loss loss) {
      double[] gradient = gradient(loss, theta());
      float[] rounded = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        rounded[i] = (float) gradient[i];
      }
      step(rounded);
    }

    void step(float[] gradient) {
      range.gradient = gradient;
      double[] totals = new double[optimizer.totals()];
      optimizer.measure(kernels, range, totals, 0);
      assertThat(optimizer.apply(kernels, range, 0, 1, totals)).isTrue();
      float[] last = range.theta;
      range.theta = range.next;
      range.next = last;
    }
  }

  /** The largest element of the mean gradient, decay included. */
  private double slope(Loss loss, double[] theta, double decay) {
    double[] gradient = gradient(loss, theta);
    double largest = 0;
    for (int i = 0; i < SIZE; i++) {
      largest = Math.max(largest, Math.abs(gradient[i] / ROWS + decay * theta[i]));
    }
    return largest;
  }

  private double[] drawn(double size) {
    double[] theta = new double[SIZE];
    Arrays.setAll(theta, i -> size * random.nextGaussian());
    return theta;
  }

  @Test
  void comesToTheMinimumOfConvexLosses() {
    double[] truth = drawn(0.3);
    double[] targets = new double[ROWS];
    Arrays.setAll(targets, row -> dot(rows[row], truth) + random.nextGaussian());
    Loss squares = (row, predictor) -> predictor - 100 * targets[row];
    Loss logistic = (row, predictor) -> 1 / (1 + Math.exp(-predictor)) - (targets[row] > 0 ? 1 : 0);
    Loss poisson = (row, predictor) -> Math.exp(predictor) - Math.rint(20 * Math.exp(targets[row]));
    reaches(squares, 0, 60, 2e-4);
    reaches(logistic, 0, 60, 1e-6);
    reaches(logistic, 0.1, 60, 1e-6);
    reaches(poisson, 0, 80, 1e-4);
  }

  private void reaches(Loss loss, double decay, int steps, double slope) {
    Descent descent = new Descent(new Lbfgs(10, decay));
    for (int step = 0; step < steps; step++) {
      descent.step(loss);
    }
    assertThat(slope(loss, descent.theta(), decay)).isLessThan(slope);
  }

  /**
   * One column is the sum of two, and gradients are summed in float in another order in each step.
   */
  @Test
  void staysAtTheMinimumThatRoundingHides() {
    for (double[] row : rows) {
      row[SIZE - 1] = row[SIZE - 2] + row[SIZE - 3];
    }
    Descent descent = new Descent(new Lbfgs(20, 0));
    float[] reached = null;
    for (int step = 0; step < 600; step++) {
      descent.step(logisticInFloat(descent.range.theta, step));
      reached = step == 300 ? descent.range.theta.clone() : reached;
    }
    assertThat(descent.range.theta).isEqualTo(reached);
  }

  private float[] logisticInFloat(float[] theta, int step) {
    float[] gradient = new float[SIZE];
    for (int i = 0; i < ROWS; i++) {
      int row = (31 * step + i) % ROWS;
      float predictor = 0;
      for (int j = 0; j < SIZE; j++) {
        predictor += theta[j] * (float) rows[row][j];
      }
      float slope = (float) (1 / (1 + Math.exp(-predictor))) - row % 2;
      for (int j = 0; j < SIZE; j++) {
        gradient[j] += slope * (float) rows[row][j];
      }
    }
    return gradient;
  }

  /** The vectors themselves, in double, without totals. */
  private final class Textbook {

    final Loss loss;
    final int memory;
    final double[][] s;
    final double[][] y;
    int pairs;
    double[] theta = new double[SIZE];
    double[] accepted;
    double[] slopes;

    Textbook(Loss loss, int memory) {
      this.loss = loss;
      this.memory = memory;
      this.s = new double[memory][];
      this.y = new double[memory][];
    }

    void step() {
      double[] g = gradient(loss, theta);
      Arrays.setAll(g, i -> g[i] / ROWS);
      double[] step = accepted == null ? null : plus(theta, -1, accepted);
      if (step != null) {
        double before = dot(slopes, step);
        double after = dot(g, step);
        if (after > -before / 2) {
          double ratio = Math.max(0.1, before / (before - after));
          theta = plus(accepted, ratio, step);
          return;
        }
        keep(step, plus(g, -1, slopes));
      }
      double[] direction = direction(g);
      double most = step == null ? Double.MAX_VALUE : 4 * Math.sqrt(dot(step, step));
      double length = Math.sqrt(dot(direction, direction));
      accepted = theta;
      slopes = g;
      theta = plus(theta, Math.min(1, most / length), direction);
    }

    void keep(double[] step, double[] change) {
      for (int i = memory - 1; i > 0; i--) {
        s[i] = s[i - 1];
        y[i] = y[i - 1];
      }
      s[0] = step;
      y[0] = change;
      pairs = Math.min(pairs + 1, memory);
    }

    double[] direction(double[] g) {
      double[] q = g.clone();
      double[] alphas = new double[pairs];
      for (int i = 0; i < pairs; i++) {
        alphas[i] = dot(s[i], q) / dot(s[i], y[i]);
        q = plus(q, -alphas[i], y[i]);
      }
      double gamma =
          pairs == 0 ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : dot(s[0], y[0]) / dot(y[0], y[0]);
      double[] r = plus(new double[SIZE], gamma, q);
      for (int i = pairs - 1; i >= 0; i--) {
        r = plus(r, alphas[i] - dot(y[i], r) / dot(s[i], y[i]), s[i]);
      }
      return plus(new double[SIZE], -1, r);
    }
  }

  private static double[] plus(double[] x, double factor, double[] y) {
    double[] sum = x.clone();
    Arrays.setAll(sum, i -> x[i] + factor * y[i]);
    return sum;
  }

  @Test
  void goesTheWayOfTheRecursionOnVectors() {
    double[] truth = drawn(0.5);
    Loss poisson = (row, predictor) -> Math.exp(predictor) - Math.exp(1 + dot(rows[row], truth));
    Descent descent = new Descent(new Lbfgs(4, 0));
    Textbook textbook = new Textbook(poisson, 4);
    int shortened = 0;
    for (int step = 0; step < 18; step++) {
      double[] accepted = textbook.accepted;
      descent.step(poisson);
      textbook.step();
      shortened += accepted != null && accepted == textbook.accepted ? 1 : 0;
      for (int i = 0; i < SIZE; i++) {
        assertThat(descent.theta()[i])
            .as("step %d", step)
            .isCloseTo(textbook.theta[i], within(2e-4));
      }
    }
    assertThat(shortened).isPositive();
    assertThat(textbook.pairs).isEqualTo(4);
  }

  @Test
  void staysWhereNothingCanBeGained() {
    Loss flat = (row, predictor) -> 0;
    Descent descent = new Descent(new Lbfgs());
    descent.range.theta[3] = 2;
    for (int step = 0; step < 5; step++) {
      descent.step(flat);
    }
    assertThat(descent.theta()[3]).isEqualTo(2);
  }

  @Test
  void refusesAMemoryOfNone() {
    assertThatThrownBy(() -> new Lbfgs(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lbfgs memory: expected from 1 to 20 but found 0");
  }
}
