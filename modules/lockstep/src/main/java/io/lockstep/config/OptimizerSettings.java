package io.lockstep.config;

import io.lockstep.optim.Adadelta;
import io.lockstep.optim.Adagrad;
import io.lockstep.optim.Adam;
import io.lockstep.optim.Clipped;
import io.lockstep.optim.Lasso;
import io.lockstep.optim.Lbfgs;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.Nadam;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import io.lockstep.optim.Sgd;
import java.util.List;
import java.util.Map;

/**
 * The keys {@code optimizer.*}. An optimizer uses those that its formula has and leaves the others.
 *
 * @param name which formula
 * @param learningRate step size that the schedule starts from, above 0
 * @param momentum of momentum, nesterov and rmsprop, in [0, 1)
 * @param rho of rmsprop and adadelta, in [0, 1)
 * @param epsilon of all but sgd, momentum and nesterov, above 0
 * @param beta1 of adam, adamw and nadam, in [0, 1)
 * @param beta2 of adam, adamw and nadam, in [0, 1)
 * @param weightDecay of L2, at least 0
 * @param l1 λ of L1, at least 0
 * @param clipValue most that an element of the gradient may be; 0: any
 * @param clipNorm most that the norm of the gradient may be; 0: any
 * @param memory pairs of differences that lbfgs keeps, from 1 to 20
 */
public record OptimizerSettings(
    Name name,
    double learningRate,
    double momentum,
    double rho,
    double epsilon,
    double beta1,
    double beta2,
    double weightDecay,
    double l1,
    double clipValue,
    double clipNorm,
    int memory) {

  /** The values of {@code optimizer.name}. */
  public enum Name {
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    ADAM,
    ADAMW,
    NADAM,
    ADAGRAD,
    ADADELTA,
    LBFGS
  }

  static OptimizerSettings read(Section optimizer) {
    Name name = optimizer.choice("name", Choices.of(Name.values()));
    if (name == Name.LBFGS) {
      for (String key : List.of("l1", "clipValue", "clipNorm")) {
        optimizer.real(key, "0 with optimizer.name = lbfgs", value -> value == 0);
      }
    }
    double usualMomentum = name == Name.MOMENTUM || name == Name.NESTEROV ? 0.9 : 0;
    return new OptimizerSettings(
        name,
        optimizer.positive("learningRate"),
        optimizer.shareOrAuto("momentum").orElse(usualMomentum),
        optimizer.share("rho"),
        optimizer.positive("epsilon"),
        optimizer.share("beta1"),
        optimizer.share("beta2"),
        optimizer.notNegative("weightDecay"),
        optimizer.notNegative("l1"),
        optimizer.notNegative("clipValue"),
        optimizer.notNegative("clipNorm"),
        (int) optimizer.wholeBetween("memory", 1, 20));
  }

  /** The optimizer that these settings describe. */
  public Optimizer toOptimizer() {
    Optimizer byValue = clipValue > 0 ? new Clipped(formula(), clipValue) : formula();
    Optimizer clipped = clipNorm > 0 ? new NormClipped(byValue, clipNorm) : byValue;
    return l1 > 0 ? new Lasso(clipped, l1) : clipped;
  }

  private Optimizer formula() {
    return switch (name) {
      case SGD -> new Sgd(weightDecay);
      case MOMENTUM -> new Momentum(momentum, false, weightDecay);
      case NESTEROV -> new Momentum(momentum, true, weightDecay);
      case RMSPROP -> new RmsProp(rho, epsilon, momentum, weightDecay);
      case ADAM -> new Adam(beta1, beta2, epsilon, weightDecay, false);
      case ADAMW -> new Adam(beta1, beta2, epsilon, weightDecay, true);
      case NADAM -> new Nadam(beta1, beta2, epsilon, weightDecay);
      case ADAGRAD -> new Adagrad(epsilon, weightDecay);
      case ADADELTA -> new Adadelta(rho, epsilon, weightDecay);
      case LBFGS -> new Lbfgs(memory, weightDecay);
    };
  }

  Map<String, Object> toMap() {
    return Map.ofEntries(
        Map.entry("name", Choices.nameOf(name)),
        Map.entry("learningRate", learningRate),
        Map.entry("momentum", momentum),
        Map.entry("rho", rho),
        Map.entry("epsilon", epsilon),
        Map.entry("beta1", beta1),
        Map.entry("beta2", beta2),
        Map.entry("weightDecay", weightDecay),
        Map.entry("l1", l1),
        Map.entry("clipValue", clipValue),
        Map.entry("clipNorm", clipNorm),
        Map.entry("memory", memory));
  }
}
