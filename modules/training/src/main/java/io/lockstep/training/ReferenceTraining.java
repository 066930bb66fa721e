package io.lockstep.training;

import io.lockstep.data.Dataset;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Activation;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Exponential;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.Network;
import io.lockstep.nn.OneHotSquaredError;
import io.lockstep.nn.Poisson;
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
        curved(),
        arriving(),
        decaying(),
        answering(),
        doubting(),
        early(),
        embedded(),
        composed(),
        composedOfClasses());
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
        ReferenceRows.ofBytes(21, 5),
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
        network,
        ReferenceRows.measured(13, 3),
        Scaling.Kind.NONE,
        new Adam(),
        new Step(0.01, 0.5, 2));
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
        ReferenceRows.measured(9, 2),
        Scaling.Kind.STANDARDIZE,
        new Momentum(0.9, true, 0.002),
        new LearningRateSchedule.Exponential(0.003, 0.3, 4));
  }

  private static ReferenceTraining smoothWithoutBounds() {
    Network network =
        Network.builder(11)
            .dense(20, Activation.SOFTPLUS)
            .dense(16, Activation.SILU)
            .output(new Categorical(), 18);
    return new ReferenceTraining(
        network,
        ReferenceRows.labelled(11, 18),
        Scaling.Kind.STANDARDIZE,
        Adam.w(0.01),
        new Constant(0.01));
  }

  private static ReferenceTraining linear() {
    Network network =
        Network.builder(7).dense(6, Activation.IDENTITY).output(new SquaredError(), 1);
    return new ReferenceTraining(
        network,
        ReferenceRows.measured(7, 1),
        Scaling.Kind.NONE,
        new Sgd(0.01),
        new Constant(0.0005));
  }

  private static ReferenceTraining accelerated() {
    Network network = Network.builder(8).dense(24, Activation.RELU).output(new Gaussian(), 2);
    return new ReferenceTraining(
        network,
        ReferenceRows.measured(8, 2),
        Scaling.Kind.STANDARDIZE,
        new Momentum(),
        new Constant(0.01));
  }

  private static ReferenceTraining counting() {
    Network network =
        Network.builder(6).dense(17, Activation.TANH).output(NegativeBinomial.learned(), 1);
    return new ReferenceTraining(
        network,
        ReferenceRows.valued(6, 1, draw -> (float) Math.floor(3 * draw * draw)),
        Scaling.Kind.STANDARDIZE,
        new Lasso(new Clipped(new Nadam(0.9, 0.999, 1e-8, 0.01), 0.5), 0.02),
        new Constant(0.01));
  }

  private static ReferenceTraining waiting() {
    Network network = Network.builder(5).dense(9, Activation.ELU).output(Gamma.learned(), 2);
    return new ReferenceTraining(
        network,
        ReferenceRows.valued(5, 2, draw -> 0.25f + Math.abs(draw)),
        Scaling.Kind.STANDARDIZE,
        new Adagrad(1e-10, 0.01),
        new Constant(0.05));
  }

  private static ReferenceTraining deciding() {
    Network network = Network.builder(5).output(new Bernoulli(Bernoulli.Link.PROBIT), 3);
    return new ReferenceTraining(
        network,
        ReferenceRows.valued(5, 3, draw -> draw > 0 ? 1f : 0f),
        Scaling.Kind.STANDARDIZE,
        new Adadelta(),
        new Constant(1));
  }

  /** Of more than two blocks of θ, over which a norm is summed. */
  private static ReferenceTraining limited() {
    Network network = Network.builder(29).dense(290, Activation.TANH).output(new SquaredError(), 1);
    return new ReferenceTraining(
        network,
        ReferenceRows.measured(29, 1),
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
        network, ReferenceRows.measured(5, 2), Scaling.Kind.NONE, Adam.w(0.01), new Constant(0.01));
  }

  /** Of two blocks of θ, over which dot products are summed. */
  private static ReferenceTraining curved() {
    Network network = Network.builder(29).dense(150, Activation.TANH).output(new Bernoulli(), 1);
    return new ReferenceTraining(
        network,
        ReferenceRows.valued(29, 1, draw -> draw > 0 ? 1f : 0f),
        Scaling.Kind.STANDARDIZE,
        new Lbfgs(2, 0.01),
        new Constant(1));
  }

  private static ReferenceTraining arriving() {
    return new ReferenceTraining(
        Network.builder(6).dense(17, Activation.TANH).output(new Poisson(), 2),
        ReferenceRows.valued(6, 2, draw -> (float) Math.floor(2 * draw * draw)),
        Scaling.Kind.STANDARDIZE,
        new Adam(),
        new Constant(0.01));
  }

  private static ReferenceTraining decaying() {
    return new ReferenceTraining(
        Network.builder(6).dense(9, Activation.TANH).output(new Exponential(), 1),
        ReferenceRows.valued(6, 1, draw -> 0.25f + Math.abs(draw)),
        Scaling.Kind.STANDARDIZE,
        new Adam(),
        new Constant(0.01));
  }

  private static ReferenceTraining answering() {
    return asking(Bernoulli.Link.LOGIT);
  }

  private static ReferenceTraining doubting() {
    return asking(Bernoulli.Link.CLOGLOG);
  }

  private static ReferenceTraining asking(Bernoulli.Link link) {
    return new ReferenceTraining(
        Network.builder(5).output(new Bernoulli(link), 2),
        ReferenceRows.valued(5, 2, draw -> draw > 0 ? 1f : 0f),
        Scaling.Kind.STANDARDIZE,
        new Adam(),
        new Constant(0.05));
  }

  /** As networks were trained before cross-entropy. */
  private static ReferenceTraining early() {
    return new ReferenceTraining(
        Network.builder(11).dense(18, Activation.SIGMOID).output(new OneHotSquaredError(), 5),
        ReferenceRows.labelled(11, 5),
        Scaling.Kind.STANDARDIZE,
        new Momentum(),
        new Constant(0.05));
  }

  private static ReferenceTraining embedded() {
    return new ReferenceTraining(
        Network.builder(5)
            .embedding(0, ReferenceRows.CODES, 18, true)
            .dense(17, Activation.TANH)
            .output(new SquaredError(), 1),
        ReferenceRows.coded(5, 1),
        Scaling.Kind.NONE,
        new Adam(),
        new Constant(0.01));
  }

  private static ReferenceTraining composed() {
    return new ReferenceTraining(
        Network.builder(19)
            .custom(ReferenceCompositions.layer(19))
            .custom(ReferenceCompositions.table(ReferenceCompositions.WIDTH))
            .output(ReferenceCompositions.loss(), 2),
        ReferenceRows.coded(19, 2),
        Scaling.Kind.NONE,
        Adam.w(0.01),
        new Constant(0.01));
  }

  private static ReferenceTraining composedOfClasses() {
    return new ReferenceTraining(
        Network.builder(7).dense(17, Activation.TANH).output(ReferenceCompositions.classLoss(), 18),
        ReferenceRows.labelled(7, 18),
        Scaling.Kind.STANDARDIZE,
        new Momentum(),
        new Constant(0.01));
  }
}
