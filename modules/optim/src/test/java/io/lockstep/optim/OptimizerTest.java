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
          Adam.w(0.1));

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
  }

  @Test
  void saysHowManyStateArraysItNeeds() {
    assertThat(OPTIMIZERS).extracting(Optimizer::stateArrays).containsExactly(0, 1, 1, 2, 2, 2);
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
        optimizer.apply(kernels, range, 0, 0.1);
        assertThat(range.theta).isEqualTo(before);
        range.decay = 0.5f;
        optimizer.apply(kernels, range, 0, 0.1);
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
          range.decay = (float) optimizer.weightDecay();
          for (int update = 0; update < 5; update++) {
            part(optimizer, kernels, range, update, 0, cut);
            part(optimizer, kernels, range, update, cut, 101);
          }
          expected = expected == null ? range : expected;
          assertThat(range.theta).as(optimizer.describe()).isEqualTo(expected.theta);
          assertThat(range.state1).isEqualTo(expected.state1);
          assertThat(range.state2).isEqualTo(expected.state2);
        }
      }
    }
  }

  private static void part(
      Optimizer optimizer, Kernels kernels, Updates.Range range, int update, int from, int to) {
    range.thetaAt = from;
    range.nextAt = from;
    range.gradientAt = from;
    range.stateAt = from;
    range.length = to - from;
    assertThat(optimizer.apply(kernels, range, update, 0.01)).isTrue();
  }

  @Test
  void reportsWeightsThatAreNotFinite() {
    for (Kernels kernels : KernelSets.all()) {
      for (Optimizer optimizer : OPTIMIZERS) {
        Updates.Range range = range(new Random(5), 33);
        range.gradient[32] = Float.NaN;
        assertThat(optimizer.apply(kernels, range, 0, 0.01)).as(optimizer.describe()).isFalse();
      }
    }
  }

  private static Updates.Range range(Random random, int length) {
    Updates.Range range = new Updates.Range();
    range.length = length;
    range.theta = new float[length];
    range.next = range.theta;
    range.gradient = new float[length];
    range.state1 = new float[length];
    range.state2 = new float[length];
    range.scale = 0.25f;
    for (int i = 0; i < length; i++) {
      range.theta[i] = (float) random.nextGaussian();
      range.gradient[i] = (float) random.nextGaussian();
    }
    return range;
  }
}
