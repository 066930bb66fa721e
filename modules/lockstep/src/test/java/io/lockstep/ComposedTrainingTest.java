package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.kernels.Activation;
import io.lockstep.model.RunSummary;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.graph.ComposedClassLoss;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.Composition;
import io.lockstep.nn.graph.Indices;
import io.lockstep.nn.graph.Variable;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with composed layers and losses, named in the configuration. */
@Timeout(60)
class ComposedTrainingTest {

  @TempDir Path temp;

  /** tanh(x V + b) · σ(x W). */
  public static final class Gated extends ComposedLayer {

    public Gated(int in, LayerOptions options) {
      this(in, options.count("units"));
    }

    private Gated(int in, int units) {
      super(
          in,
          (graph, x) -> {
            Initializer initializer = Initializer.LECUN_NORMAL;
            Variable v = graph.parameter(Parameter.matrix("V", in, units, initializer));
            Variable w = graph.parameter(Parameter.matrix("W", in, units, initializer));
            Variable b = graph.parameter(Parameter.vector("b", units, 0));
            return x.matmul(v).add(b).tanh().mul(x.matmul(w).logistic());
          });
    }
  }

  /** The cross-entropy of softmax. */
  public static final class CrossEntropy extends ComposedClassLoss {

    public CrossEntropy(LayerOptions options) {
      super("cross-entropy");
    }

    @Override
    protected Variable loss(Composition graph, Variable eta, Indices label) {
      Variable max = eta.maxOverColumns();
      return eta.sub(max).exp().sumOverColumns().log().add(max).sub(eta.gatherColumn(label));
    }
  }

  private static ConfigurationBuilder composed() {
    return Configuration.builder()
        .custom(Gated.class, Map.of("units", 20))
        .dense(24, Activation.TANH)
        .set("network.output.family", CrossEntropy.class.getName())
        .batch(64)
        .microBatches(16)
        .epochs(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void composedNetworksGiveTheSameWeightsWithAnyNumberOfWorkers(int workers) {
    Path folder = temp.resolve("run");

    RunSummary one = SmallData.training(composed().workers(1).servers(1)).run().summary();
    RunSummary summary =
        SmallData.training(composed().workers(workers).servers(2)).run(folder).summary();

    assertThat(summary.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(summary.train().loss()).isLessThan(2.2); // It begins at log 10.
    assertThat(Model.load(folder).evaluate(SmallData.DIGITS.test())).isEqualTo(one.test());
  }

  @Test
  void theComposedLossTrainsAsTheBuiltInOne() {
    ConfigurationBuilder builtIn = composed().set("network.output.family", "categorical");

    RunSummary expected = SmallData.training(builtIn.workers(1)).run().summary();
    RunSummary found = SmallData.training(composed().workers(1)).run().summary();

    assertThat(found.train().loss() / expected.train().loss()).isBetween(0.999, 1.001);
    assertThat(found.test().accuracy()).isBetween(0.3, 1.0);
  }
}
