package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.Configuration;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.KernelUse;
import io.lockstep.kernels.KernelUse.Part;
import io.lockstep.kernels.KernelUse.Tiles;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KernelUsesTest {

  private static KernelUse of(String hocon) {
    return KernelUses.of(Configuration.parse(hocon, "test"));
  }

  @Test
  void findsLayersWithinOthers() {
    KernelUse use =
        of(
            """
            network.layers = [
              { type = residual, layers = [
                { type = dense, units = 17, activation = tanh }
                { type = dropout, rate = 0.1 }
              ] }
              { type = dense, units = 5, activation = relu }
            ]
            """);
    assertThat(use.activations()).containsExactlyInAnyOrder(Activation.TANH, Activation.RELU);
    assertThat(use.parts()).contains(Part.DROPOUT, Part.CROSS_ENTROPY);
    assertThat(use.tiles()).isEqualTo(Tiles.WIDE);
  }

  @Test
  void narrowLayersTakeOnePanel() {
    assertThat(of("network.layers = [{ type = dense, units = 16 }]").tiles())
        .isEqualTo(Tiles.NARROW);
  }

  @ParameterizedTest
  @EnumSource(OptimizerSettings.Name.class)
  void everyOptimizerHasItsKernel(OptimizerSettings.Name name) {
    KernelUse use =
        of("network.layers = [], optimizer.name = " + name.name().toLowerCase(Locale.ROOT));
    assertThat(use.parts()).contains(part(name)).hasSize(4);
  }

  private static Part part(OptimizerSettings.Name name) {
    return switch (name) {
      case ADAMW -> Part.ADAM;
      case LBFGS -> Part.DOT;
      default -> Part.valueOf(name.name());
    };
  }

  @Test
  void clippingAndLassoAreTheirOwn() {
    assertThat(of("optimizer { clipValue = 1, l1 = 0.1 }").parts()).contains(Part.CLIP, Part.LASSO);
  }
}
