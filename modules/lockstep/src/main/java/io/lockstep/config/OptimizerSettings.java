package io.lockstep.config;

import io.lockstep.optim.Adam;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import io.lockstep.optim.Sgd;
import java.util.Map;

/**
 * The keys {@code optimizer.*}. An optimizer uses those that its formula has and leaves the others.
 *
 * @param name which formula
 * @param learningRate step size that the schedule starts from, above 0
 * @param momentum of momentum, nesterov and rmsprop, in [0, 1)
 * @param rho of rmsprop, in [0, 1)
 * @param epsilon of rmsprop, adam and adamw, above 0
 * @param beta1 of adam and adamw, in [0, 1)
 * @param beta2 of adam and adamw, in [0, 1)
 * @param weightDecay at least 0
 */
public record OptimizerSettings(
    Name name,
    double learningRate,
    double momentum,
    double rho,
    double epsilon,
    double beta1,
    double beta2,
    double weightDecay) {

  /** The values of {@code optimizer.name}. */
  public enum Name {
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    ADAM,
    ADAMW
  }

  static OptimizerSettings read(Section optimizer) {
    Name name = optimizer.choice("name", Choices.of(Name.values()));
    double usualMomentum = name == Name.MOMENTUM || name == Name.NESTEROV ? 0.9 : 0;
    return new OptimizerSettings(
        name,
        optimizer.positive("learningRate"),
        optimizer.shareOrAuto("momentum").orElse(usualMomentum),
        optimizer.share("rho"),
        optimizer.positive("epsilon"),
        optimizer.share("beta1"),
        optimizer.share("beta2"),
        optimizer.notNegative("weightDecay"));
  }

  /** The optimizer that these settings describe. */
  public Optimizer toOptimizer() {
    return switch (name) {
      case SGD -> new Sgd(weightDecay);
      case MOMENTUM -> new Momentum(momentum, false, weightDecay);
      case NESTEROV -> new Momentum(momentum, true, weightDecay);
      case RMSPROP -> new RmsProp(rho, epsilon, momentum, weightDecay);
      case ADAM -> new Adam(beta1, beta2, epsilon, weightDecay, false);
      case ADAMW -> new Adam(beta1, beta2, epsilon, weightDecay, true);
    };
  }

  Map<String, Object> toMap() {
    return Map.of(
        "name", Choices.nameOf(name),
        "learningRate", learningRate,
        "momentum", momentum,
        "rho", rho,
        "epsilon", epsilon,
        "beta1", beta1,
        "beta2", beta2,
        "weightDecay", weightDecay);
  }
}
