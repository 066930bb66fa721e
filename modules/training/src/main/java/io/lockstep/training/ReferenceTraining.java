package io.lockstep.training;

import io.lockstep.data.Dataset;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.Network;
import io.lockstep.nn.SquaredError;
import io.lockstep.optim.Adadelta;
import io.lockstep.optim.Adagrad;
import io.lockstep.optim.Adam;
import io.lockstep.optim.Clipped;
import io.lockstep.optim.Lasso;
import io.lockstep.optim.Lbfgs;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.LearningRateSchedule.Constant;
import io.lockstep.optim.LearningRateSchedule.Cosine;
import io.lockstep.optim.LearningRateSchedule.Exponential;
import io.lockstep.optim.LearningRateSchedule.Step;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.Nadam;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import io.lockstep.optim.Sgd;
import java.util.List;

/**
 * One of the small trainings that make the {@link NumericsRevision}: odd widths, rows that depend
 * on nothing but their position. Together they have everything that can change a bit; what is added
 * to the project in future goes into a further training at the end of {@link #all}.
 *
 * @param network what is trained
 * @param rows what it learns from
 * @param scaling how rows become input
 * @param optimizer how weights are updated
 * @param schedule the learning rate of each step
 */
record ReferenceTraining(
    Network network,
    Dataset rows,
    Scaling.Kind scaling,
    Optimizer optimizer,
    LearningRateSchedule schedule) {

  /** Rows of each data set, those for validation included. */
  static final int ROWS = 30;

  static List<ReferenceTraining> all() {
    return List.of(
        rectified(),
        saturating(),
        smooth(),
        smoothWithoutBounds(),
        linear(),
        accelerated(),
        counting(),
        waiting(),
        deciding(),
        limited(),
        normalized(),
        curved());
  }

  private static ReferenceTraining rectified() {
    Network network =
        Network.builder(21)
            .dense(37, Activation.RELU)
            .dropout(0.3)
            .dense(18, Activation.ELU, Initializer.HE_NORMAL)
            .output(new Categorical(), 5);
    return new ReferenceTraining(
        network,
        classified(bytes(21), 21, 5),
        Scaling.Kind.UNIT,
        new RmsProp(0.9, 1e-7, 0.5, 0.001),
        new Cosine(0.02, 5, 0.001).withWarmUp(2));
  }

  private static ReferenceTraining saturating() {
    Network network =
        Network.builder(13)
            .dense(17, Activation.SIGMOID, Initializer.LECUN_UNIFORM)
            .dense(19, Activation.TANH, Initializer.GLOROT_NORMAL)
            .output(new Gaussian(), 3, Initializer.LECUN_NORMAL);
    return new ReferenceTraining(
        network, measured(13, 3), Scaling.Kind.NONE, new Adam(), new Step(0.01, 0.5, 2));
  }

  private static ReferenceTraining smooth() {
    Network network =
        Network.builder(9)
            .dense(33, Activation.GELU)
            .dropout(0.2)
            .dense(5, Activation.LEAKY_RELU)
            .output(new SquaredError(), 2);
    return new ReferenceTraining(
        network,
        measured(9, 2),
        Scaling.Kind.STANDARDIZE,
        new Momentum(0.9, true, 0.002),
        new Exponential(0.003, 0.3, 4));
  }

  private static ReferenceTraining smoothWithoutBounds() {
    Network network =
        Network.builder(11)
            .dense(20, Activation.SOFTPLUS)
            .dense(16, Activation.SILU)
            .output(new Categorical(), 18);
    return new ReferenceTraining(
        network,
        Dataset.ofFloats("reference", ROWS, 11, floats(11), labels(18), 18),
        Scaling.Kind.STANDARDIZE,
        Adam.w(0.01),
        new Constant(0.01));
  }

  private static ReferenceTraining linear() {
    Network network =
        Network.builder(7).dense(6, Activation.IDENTITY).output(new SquaredError(), 1);
    return new ReferenceTraining(
        network, measured(7, 1), Scaling.Kind.NONE, new Sgd(0.01), new Constant(0.0005));
  }

  private static ReferenceTraining accelerated() {
    Network network = Network.builder(8).dense(24, Activation.RELU).output(new Gaussian(), 2);
    return new ReferenceTraining(
        network, measured(8, 2), Scaling.Kind.STANDARDIZE, new Momentum(), new Constant(0.01));
  }

  private static ReferenceTraining counting() {
    Network network =
        Network.builder(6).dense(17, Activation.TANH).output(NegativeBinomial.learned(), 1);
    return new ReferenceTraining(
        network,
        valued(6, 1, draw -> (float) Math.floor(3 * draw * draw)),
        Scaling.Kind.STANDARDIZE,
        new Lasso(new Clipped(new Nadam(0.9, 0.999, 1e-8, 0.01), 0.5), 0.02),
        new Constant(0.01));
  }

  private static ReferenceTraining waiting() {
    Network network = Network.builder(5).dense(9, Activation.ELU).output(Gamma.learned(), 2);
    return new ReferenceTraining(
        network,
        valued(5, 2, draw -> 0.25f + Math.abs(draw)),
        Scaling.Kind.STANDARDIZE,
        new Adagrad(1e-10, 0.01),
        new Constant(0.05));
  }

  private static ReferenceTraining deciding() {
    Network network = Network.builder(5).output(new Bernoulli(Bernoulli.Link.PROBIT), 3);
    return new ReferenceTraining(
        network,
        valued(5, 3, draw -> draw > 0 ? 1f : 0f),
        Scaling.Kind.STANDARDIZE,
        new Adadelta(),
        new Constant(1));
  }

  /** Of more than two blocks of θ, over which a norm is summed. */
  private static ReferenceTraining limited() {
    Network network = Network.builder(29).dense(290, Activation.TANH).output(new SquaredError(), 1);
    return new ReferenceTraining(
        network,
        measured(29, 1),
        Scaling.Kind.STANDARDIZE,
        new NormClipped(new Clipped(new Momentum(), 0.5), 0.75),
        new Constant(0.01));
  }

  private static ReferenceTraining normalized() {
    Network network =
        Network.builder(5)
            .batchNorm(0.75, 1e-3)
            .dense(18, Activation.GELU)
            .residual(f -> f.layerNorm(1e-5).dense(18, Activation.TANH).batchNorm(0.9, 1e-5))
            .output(new Gaussian(), 2);
    return new ReferenceTraining(
        network, measured(5, 2), Scaling.Kind.NONE, Adam.w(0.01), new Constant(0.01));
  }

  /** Of two blocks of θ, over which dot products are summed. */
  private static ReferenceTraining curved() {
    Network network = Network.builder(29).dense(150, Activation.TANH).output(new Bernoulli(), 1);
    return new ReferenceTraining(
        network,
        valued(29, 1, draw -> draw > 0 ? 1f : 0f),
        Scaling.Kind.STANDARDIZE,
        new Lbfgs(2, 0.01),
        new Constant(1));
  }

  private interface Target {
    float of(float draw);
  }

  private static Dataset valued(int width, int outputs, Target target) {
    float[] targets = new float[ROWS * outputs];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = target.of(between(-2, 2, 1, i));
    }
    return Dataset.ofFloats("reference", ROWS, width, floats(width), targets, outputs);
  }

  private static Dataset classified(byte[] features, int width, int classes) {
    return Dataset.ofBytes("reference", ROWS, width, features, labels(classes), classes);
  }

  private static Dataset measured(int width, int outputs) {
    return valued(width, outputs, draw -> draw);
  }

  private static byte[] bytes(int width) {
    byte[] features = new byte[ROWS * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = (byte) draw(2, i);
    }
    return features;
  }

  /** Wide enough to bring sigmoid and tanh to their ends. */
  private static float[] floats(int width) {
    float[] features = new float[ROWS * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = between(-6, 6, 3, i);
    }
    return features;
  }

  private static int[] labels(int classes) {
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = (int) Long.remainderUnsigned(draw(4, i), classes);
    }
    return labels;
  }

  private static float between(double low, double high, int array, int index) {
    return (float) (low + (high - low) * CounterRandom.uniform(draw(array, index)));
  }

  private static long draw(int array, int index) {
    return CounterRandom.bits(ReferenceSteps.SEED, Purpose.DIGITS, array, index);
  }
}
