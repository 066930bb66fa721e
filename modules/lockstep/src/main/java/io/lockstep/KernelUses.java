package io.lockstep;

import io.lockstep.config.Configuration;
import io.lockstep.config.NetworkSettings.Dense;
import io.lockstep.config.NetworkSettings.Dropout;
import io.lockstep.config.NetworkSettings.LayerSettings;
import io.lockstep.config.NetworkSettings.Residual;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.KernelUse;
import io.lockstep.kernels.KernelUse.Part;
import io.lockstep.kernels.KernelUse.Tiles;
import io.lockstep.kernels.Panels;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which kernels a configuration will call, known before its data are read. */
final class KernelUses {

  private final Set<Activation> activations = EnumSet.noneOf(Activation.class);
  private final Set<Part> parts = EnumSet.of(Part.BYTES, Part.FLOATS);
  private Tiles tiles = Tiles.NARROW;

  private KernelUses() {}

  static KernelUse of(Configuration configuration) {
    KernelUses uses = new KernelUses();
    uses.addLayers(configuration.network().layers());
    uses.addOptimizer(configuration.optimizer());
    uses.parts.add(
        configuration.network().output().family().equals("categorical")
            ? Part.CROSS_ENTROPY
            : Part.SQUARED_ERROR);
    return new KernelUse(uses.activations, uses.parts, uses.tiles);
  }

  private void addLayers(List<LayerSettings> layers) {
    for (LayerSettings layer : layers) {
      switch (layer) {
        case Dense dense -> {
          activations.add(dense.activation());
          tiles = dense.units() > Panels.WIDTH ? Tiles.WIDE : tiles;
        }
        case Dropout dropout -> parts.add(Part.DROPOUT);
        case Residual residual -> addLayers(residual.layers());
        default -> {} // Of kernels that most trainings do without.
      }
    }
  }

  private void addOptimizer(OptimizerSettings optimizer) {
    parts.add(
        switch (optimizer.name()) {
          case SGD -> Part.SGD;
          case MOMENTUM -> Part.MOMENTUM;
          case NESTEROV -> Part.NESTEROV;
          case RMSPROP -> Part.RMSPROP;
          case ADAM, ADAMW -> Part.ADAM;
          case NADAM -> Part.NADAM;
          case ADAGRAD -> Part.ADAGRAD;
          case ADADELTA -> Part.ADADELTA;
          case LBFGS -> Part.DOT;
        });
    if (optimizer.clipValue() > 0) {
      parts.add(Part.CLIP);
    }
    if (optimizer.l1() > 0) {
      parts.add(Part.LASSO);
    }
  }
}
