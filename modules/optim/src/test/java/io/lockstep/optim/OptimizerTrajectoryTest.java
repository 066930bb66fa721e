package io.lockstep.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights after each of twelve updates against those of PyTorch in double precision. */
class OptimizerTrajectoryTest {

  private static final double TOLERANCE = 1e-5;

  /** Padding before and after the weights, which an update must leave alone. */
  private static final int MARGIN = 3;

  /** The sum of gradients is this many times the mean. */
  private static final int ROWS = 8;

  private record Case(Optimizer optimizer, double rate) {}

  private double worst;
  private String worstCase;

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("sgd(lr=0.1)", new Case(new Sgd(), 0.1));
    cases.put("sgd(lr=0.1,momentum=0.9)", new Case(new Momentum(), 0.1));
    cases.put("sgd(lr=0.1,momentum=0.9,nesterov)", new Case(new Momentum(0.9, true, 0), 0.1));
    cases.put(
        "sgd(lr=0.1,momentum=0.9,weightDecay=0.01)", new Case(new Momentum(0.9, false, 0.01), 0.1));
    cases.put("rmsprop(lr=0.01,rho=0.9,eps=1e-7)", new Case(new RmsProp(), 0.01));
    cases.put(
        "rmsprop(lr=0.01,rho=0.9,eps=1e-7,momentum=0.9)",
        new Case(new RmsProp(0.9, 1e-7, 0.9, 0), 0.01));
    cases.put("adam(lr=0.01,beta1=0.9,beta2=0.999,eps=1e-8)", new Case(new Adam(), 0.01));
    cases.put(
        "adam(lr=0.01,beta1=0.9,beta2=0.999,eps=1e-8,l2=0.1)",
        new Case(new Adam(0.9, 0.999, 1e-8, 0.1, false), 0.01));
    cases.put(
        "adamw(lr=0.01,beta1=0.9,beta2=0.999,eps=1e-8,weightDecay=0.1)",
        new Case(Adam.w(0.1), 0.01));
    cases.put("adagrad(lr=0.1,eps=1e-10)", new Case(new Adagrad(), 0.1));
    cases.put("adadelta(lr=1.0,rho=0.95,eps=1e-7)", new Case(new Adadelta(), 1));
    cases.put("nadam(lr=0.01)", new Case(new Nadam(), 0.01));
    return cases;
  }

  @Test
  void trajectoriesMatchPyTorch() throws IOException {
    JsonNode reference = read();
    assertThat(reference.get("trajectories")).hasSize(cases().size());
    cases()
        .forEach(
            (name, c) -> {
              JsonNode trajectory = reference.get("trajectories").get(name);
              assertThat(trajectory).as(name).isNotNull();
              for (Kernels kernels : KernelSets.all()) {
                follow(name + " " + kernels.choice(), kernels, c, reference, trajectory);
              }
            });
    System.out.printf("Optimizers against PyTorch: worst error %.2e, %s%n", worst, worstCase);
    assertThat(worst).as(worstCase).isLessThanOrEqualTo(TOLERANCE);
  }

  private static JsonNode read() throws IOException {
    try (InputStream in = OptimizerTrajectoryTest.class.getResourceAsStream("optimizers.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private void follow(
      String what, Kernels kernels, Case c, JsonNode reference, JsonNode trajectory) {
    JsonNode start = reference.get("theta0");
    Updates.Range range = range(start, c.optimizer());
    for (int update = 0; update < trajectory.size(); update++) {
      JsonNode gradient = reference.get("gradients").get(update);
      for (int i = 0; i < range.length; i++) {
        range.gradient[i] = (float) (ROWS * gradient.get(i).asDouble());
      }
      assertThat(c.optimizer().apply(kernels, range, update, c.rate(), new double[0])).isTrue();
      assertThat(range.decay).isEqualTo((float) c.optimizer().weightDecay());
      record(what + " update " + update, range, trajectory.get(update));
    }
    for (int i = 0; i < MARGIN; i++) {
      assertThat(range.theta[i]).isZero();
      assertThat(range.theta[MARGIN + range.length + i]).isZero();
    }
  }

  private static Updates.Range range(JsonNode start, Optimizer optimizer) {
    Updates.Range range = new Updates.Range();
    range.length = start.size();
    range.theta = new float[range.length + 2 * MARGIN];
    range.thetaAt = MARGIN;
    range.next = range.theta;
    range.nextAt = MARGIN;
    range.gradient = new float[range.length];
    range.states(new float[optimizer.stateArrays()][range.length + 1]);
    range.stateAt = 1;
    range.scale = 1f / ROWS;
    range.decay = (float) optimizer.weightDecay();
    for (int i = 0; i < range.length; i++) {
      range.theta[MARGIN + i] = (float) start.get(i).asDouble();
    }
    return range;
  }

  private void record(String what, Updates.Range range, JsonNode expected) {
    double largest = 0;
    double error = 0;
    for (int i = 0; i < range.length; i++) {
      double value = expected.get(i).asDouble();
      largest = Math.max(largest, Math.abs(value));
      error = Math.max(error, Math.abs(range.theta[MARGIN + i] - value));
    }
    assertThat(error).as(what).isNotNaN();
    if (error / largest >= worst) {
      worst = error / largest;
      worstCase = what;
    }
  }
}
