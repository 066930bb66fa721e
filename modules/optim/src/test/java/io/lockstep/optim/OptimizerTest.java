package io.lockstep.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OptimizerTest {

  private static final List<Optimizer> OPTIMIZERS =
      List.of(
          new Sgd(0.01),
          new Momentum(0.9, true, 0.01),
          new RmsProp(0.9, 1e-7, 0, 0.01),
          new RmsProp(0.9, 1e-7, 0.9, 0),
          new Adam(0.9, 0.999, 1e-8, 0.1, false),
          Adam.w(0.1),
          new Nadam(0.9, 0.999, 1e-8, 0.01),
          new Adagrad(1e-10, 0.01),
          new Adadelta(0.95, 1e-7, 0.01),
          new Clipped(new Momentum(), 0.25),
          new Lasso(new Clipped(new Adam(), 0.25), 0.5),
          new Lasso(new NormClipped(new Clipped(new Momentum(), 0.25), 1), 0.5),
          new Lbfgs(3, 0.01));

  private static final double[] NONE = {};

  @Test
  void describesItself() {
    assertThat(new Sgd().describe()).isEqualTo("sgd(weightDecay=0.0)");
    assertThat(new Momentum().describe())
        .isEqualTo("momentum(momentum=0.9, nesterov=false, weightDecay=0.0)");
    assertThat(new RmsProp().describe())
        .isEqualTo("rmsprop(rho=0.9, epsilon=1.0E-7, momentum=0.0, weightDecay=0.0)");
    assertThat(new Adam().describe())
        .isEqualTo("adam(beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0)");
    assertThat(Adam.w(0.01).describe())
        .isEqualTo("adamw(beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.01)");
    assertThat(new Nadam().describe())
        .isEqualTo("nadam(beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0)");
    assertThat(new Adagrad().describe()).isEqualTo("adagrad(epsilon=1.0E-10, weightDecay=0.0)");
    assertThat(new Lasso(new Clipped(new Adadelta(), 5), 0.1).describe())
        .isEqualTo("adadelta(rho=0.95, epsilon=1.0E-7, weightDecay=0.0), clipValue=5.0, l1=0.1");
  }

  @Test
  void saysHowManyStateArraysItNeeds() {
    assertThat(OPTIMIZERS)
        .extracting(Optimizer::stateArrays)
        .containsExactly(0, 1, 1, 2, 2, 2, 2, 1, 2, 1, 2, 1, 8);
    assertThat(OPTIMIZERS)
        .extracting(Optimizer::totals)
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 66);
  }

  @Test
  void refusesParametersOutOfRange() {
    refused(
        () -> new Sgd(-1),
        "sgd weightDecay: expected a finite number of at least 0 but found" + " -1.0");
    refused(() -> new Momentum(1, false, 0), "momentum: expected a number in [0, 1) but found 1.0");
    refused(
        () -> new Momentum(Double.NaN, false, 0),
        "momentum: expected a number in [0, 1) but found NaN");
    refused(
        () -> new RmsProp(-0.1, 1e-7, 0, 0),
        "rmsprop rho: expected a number in [0, 1) but found -0.1");
    refused(
        () -> new RmsProp(0.9, 0, 0, 0),
        "rmsprop epsilon: expected a finite number above 0 but found 0.0");
    refused(
        () -> new Adam(0.9, 0.9999999999, 1e-8, 0, false),
        "adam beta2: expected a number in [0, 1) but found 0.9999999999");
    refused(
        () -> Adam.w(Double.POSITIVE_INFINITY),
        "adamw weightDecay: expected a finite number of at least 0 but found Infinity");
    refused(
        () -> new Clipped(new Sgd(), 0),
        "clipValue: expected a finite number above 0 but found 0.0");
    refused(() -> new Lasso(new Sgd(), -1), "l1: expected a finite number above 0 but found -1.0");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void decayIsTheCallersAndComesFromTheRange() {
    for (Kernels kernels : KernelSets.all()) {
      for (Optimizer optimizer : List.of(new Sgd(0.5), Adam.w(0.5))) {
        Updates.Range range = range(new Random(1), 20);
        Arrays.fill(range.gradient, 0f);
        float[] before = range.theta.clone();
        range.decay = 0;
        optimizer.apply(kernels, range, 0, 0.1, NONE);
        assertThat(range.theta).isEqualTo(before);
        range.decay = 0.5f;
        optimizer.apply(kernels, range, 0, 0.1, NONE);
        assertThat(range.decay).isEqualTo(0.5f);
        assertThat(range.theta[7]).isCloseTo(0.95f * before[7], within(1e-6f));
      }
    }
  }

  @Test
  void updatesHaveTheSameBitsHoweverThetaIsCutOnAllKernelSets() {
    for (Optimizer optimizer : OPTIMIZERS) {
      Updates.Range expected = null;
      for (Kernels kernels : KernelSets.all()) {
        for (int cut : new int[] {0, 1, 16, 50}) {
          Updates.Range range = range(new Random(5), 101);
          range.states(new float[optimizer.stateArrays()][101]);
          range.decay = (float) optimizer.weightDecay();
          range.lasso = (float) optimizer.lasso();
          for (int update = 0; update < 5; update++) {
            double[] totals = totals(optimizer, kernels, range);
            part(optimizer, kernels, range, update, totals, 0, cut);
            part(optimizer, kernels, range, update, totals, cut, 101);
          }
          expected = expected == null ? range : expected;
          assertThat(range.theta).as(optimizer.describe()).isEqualTo(expected.theta);
          assertThat(range.states).isDeepEqualTo(expected.states);
        }
      }
    }
  }

  private static void part(
      Optimizer optimizer,
      Kernels kernels,
      Updates.Range range,
      int update,
      double[] totals,
      int from,
      int to) {
    range.thetaAt = from;
    range.nextAt = from;
    range.gradientAt = from;
    range.stateAt = from;
    range.length = to - from;
    assertThat(optimizer.apply(kernels, range, update, 0.01, totals)).isTrue();
  }

  @Test
  void reportsWeightsThatAreNotFinite() {
    for (Kernels kernels : KernelSets.all()) {
      for (Optimizer optimizer : OPTIMIZERS) {
        Updates.Range range = range(new Random(5), 33);
        range.states(new float[optimizer.stateArrays()][33]);
        range.gradient[32] = Float.NaN;
        assertThat(optimizer.apply(kernels, range, 0, 0.01, totals(optimizer, kernels, range)))
            .as(optimizer.describe())
            .isFalse();
      }
    }
  }

  /** Of all of the range, which is one block. */
  private static double[] totals(Optimizer optimizer, Kernels kernels, Updates.Range range) {
    double[] totals = new double[optimizer.totals()];
    range.thetaAt = 0;
    range.gradientAt = 0;
    range.stateAt = 0;
    range.length = range.gradient.length;
    optimizer.measure(kernels, range, totals, 0);
    return totals;
  }

  /** The figures are PyTorch's formula, limit / (norm + 1e-6), in double. */
  @Test
  void clipsTheMeanGradientByItsNorm() {
    for (Kernels kernels : KernelSets.all()) {
      for (double limit : new double[] {0.001, 0.5, 1.5, 1e6}) {
        Updates.Range range = range(new Random(7), 40);
        range.next = new float[40];
        double squares = 0;
        for (float g : range.gradient) {
          squares += 0.25 * g * 0.25 * g;
        }
        double factor = Math.min(1, limit / (Math.sqrt(squares) + 1e-6));
        float[] gradient = range.gradient.clone();
        Optimizer clipped = new NormClipped(new Sgd(), limit);
        double[] totals = totals(clipped, kernels, range);
        for (int time = 0; time < 2; time++) { // As a standby does with the same sum.
          assertThat(clipped.apply(kernels, range, 0, 0.1, totals)).isTrue();
          for (int i = 0; i < 40; i++) {
            double expected = range.theta[i] - 0.1 * factor * 0.25 * gradient[i];
            assertThat((double) range.next[i]).isCloseTo(expected, within(1e-6));
          }
        }
        assertThat(range.gradient).isEqualTo(gradient);
        assertThat(range.scale).isEqualTo(0.25f);
      }
    }
  }

  @Test
  void belowTheLimitClippingByNormChangesNoBit() {
    for (Kernels kernels : KernelSets.all()) {
      Updates.Range plain = range(new Random(3), 101);
      new Momentum().apply(kernels, plain, 0, 0.1, NONE);
      Updates.Range clipped = range(new Random(3), 101);
      Optimizer optimizer = new NormClipped(new Momentum(), 100);
      optimizer.apply(kernels, clipped, 0, 0.1, totals(optimizer, kernels, clipped));
      assertThat(clipped.theta).isEqualTo(plain.theta);
    }
  }

  /** Where the norm is not finite, the layer that is so is to be found by its weights alone. */
  @Test
  void aGradientWhoseNormIsNotFiniteIsNotClipped() {
    for (Kernels kernels : KernelSets.all()) {
      for (double norm : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        Updates.Range range = range(new Random(1), 40);
        double[] totals = {norm};
        assertThat(new NormClipped(new Sgd(), 2).apply(kernels, range, 0, 0.1, totals)).isTrue();
        range.gradient[5] = Float.NaN;
        assertThat(new NormClipped(new Sgd(), 2).apply(kernels, range, 0, 0.1, totals)).isFalse();
      }
    }
  }

  @Test
  void clippingByNormComesBeforeClippingByValue() {
    Optimizer byNorm = new NormClipped(new Sgd(), 1);
    refused(
        () -> new Clipped(byNorm, 1),
        "clipValue: expected to come after what needs totals but found"
            + " sgd(weightDecay=0.0), clipNorm=1.0");
    refused(
        () -> new NormClipped(byNorm, 1),
        "clipNorm: expected an optimizer without totals of its own but found"
            + " sgd(weightDecay=0.0), clipNorm=1.0");
    refused(
        () -> new NormClipped(new Sgd(), 0),
        "clipNorm: expected a finite number above 0 but found 0.0");
  }

  /** The mean gradient is the sum times the scale, 0.25. */
  @Test
  void clipsTheMeanGradientByValueAndAgainWithoutEffect() {
    for (Kernels kernels : KernelSets.all()) {
      Updates.Range range = range(new Random(1), 40);
      Arrays.fill(range.theta, 1f);
      Arrays.fill(range.gradient, 0.5f);
      range.gradient[3] = 100f;
      range.gradient[37] = -100f;
      range.next = new float[40];
      Optimizer clipped = new Clipped(new Sgd(), 2);
      for (int time = 0; time < 2; time++) {
        assertThat(clipped.apply(kernels, range, 0, 0.1, NONE)).isTrue();
        assertThat(range.next[3]).isEqualTo(0.8f, within(1e-6f));
        assertThat(range.next[37]).isEqualTo(1.2f, within(1e-6f));
        assertThat(range.next[20]).isEqualTo(1 - 0.1f * 0.125f, within(1e-6f));
      }
    }
  }

  @Test
  void aGradientThatIsNotFiniteIsNotClippedAway() {
    for (Kernels kernels : KernelSets.all()) {
      for (float bad : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
        Updates.Range range = range(new Random(1), 40);
        range.gradient[5] = bad;
        assertThat(new Clipped(new Sgd(), 2).apply(kernels, range, 0, 0.1, NONE)).isFalse();
      }
    }
  }

  @Test
  void l1BringsWeightsToZeroAndKeepsThemThere() {
    for (Kernels kernels : KernelSets.all()) {
      Updates.Range range = range(new Random(1), 40);
      Arrays.fill(range.gradient, 0f);
      Arrays.fill(range.theta, 0.07f);
      range.theta[2] = -1f;
      range.theta[3] = 0f;
      range.lasso = 0.5f;
      Optimizer lasso = new Lasso(new Sgd(), 0.5);
      lasso.apply(kernels, range, 0, 0.1, NONE);
      assertThat(range.theta[0]).isEqualTo(0.02f, within(1e-6f));
      assertThat(range.theta[2]).isEqualTo(-0.95f, within(1e-6f));
      assertThat(range.theta[3]).isZero();
      lasso.apply(kernels, range, 1, 0.1, NONE);
      assertThat(range.theta[0]).isZero();
      assertThat(range.theta[39]).isZero();
      range.lasso = 0;
      lasso.apply(kernels, range, 1, 0.1, NONE);
      assertThat(range.theta[2]).isEqualTo(-0.9f, within(1e-6f));
    }
  }

  /** The product of the momenta is a function of the update alone, and ends at 0. */
  @Test
  void nadamGoesOnFromAnyUpdate() {
    Updates.Range range = range(new Random(1), 8);
    float[] before = range.theta.clone();
    assertThat(new Nadam().apply(KernelSets.all().getFirst(), range, 1_000_000_000L, 0.01, NONE))
        .isTrue();
    assertThat(range.theta).isNotEqualTo(before);
  }

  private static Updates.Range range(Random random, int length) {
    Updates.Range range = new Updates.Range();
    range.length = length;
    range.theta = new float[length];
    range.next = range.theta;
    range.gradient = new float[length];
    range.states(new float[2][length]);
    range.scale = 0.25f;
    for (int i = 0; i < length; i++) {
      range.theta[i] = (float) random.nextGaussian();
      range.gradient[i] = (float) random.nextGaussian();
    }
    return range;
  }
}
