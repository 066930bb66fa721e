package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.graph.ComposedClassLoss;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.Composition;
import io.lockstep.nn.graph.Indices;
import io.lockstep.nn.graph.Variable;
import org.junit.jupiter.api.Test;

/** As {@link PassAllocationTest}, and for the same reason in a JVM of its own. */
class ComposedAllocationTest {

  private static final class CrossEntropy extends ComposedClassLoss {
    CrossEntropy() {
      super("cross-entropy");
    }

    @Override
    protected Variable loss(Composition graph, Variable eta, Indices label) {
      Variable max = eta.maxOverColumns();
      return eta.sub(max).exp().sumOverColumns().log().add(max).sub(eta.gatherColumn(label));
    }
  }

  private static Network network() {
    ComposedLayer gated =
        new ComposedLayer(
            "gated",
            20,
            (graph, x) -> {
              Variable v = graph.parameter(Parameter.matrix("V", 20, 6, Initializer.LECUN_NORMAL));
              Variable b = graph.parameter(Parameter.vector("b", 6, 1));
              Variable z = x.matmul(v.div(v.square().sumOverRows().sqrt())).add(b);
              return z.tanh().mul(z.logistic()).concat(z.power(3).mul(0.1));
            });
    return Network.builder(13)
        .dense(20, Activation.RELU)
        .custom(gated)
        .output(new CrossEntropy(), 10);
  }

  @Test
  void composedGraphsAllocateNothingOnScalarKernels() {
    assertThat(PassAllocationTest.leastAllocated(KernelSets.scalar(), network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }

  @Test
  void composedGraphsAllocateNothingOnCompiledVectorKernels() {
    Kernels widest = KernelSets.all().getLast();
    widest.warmUp();
    widest.warmUpArithmetic();
    assertThat(PassAllocationTest.leastAllocated(widest, network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }
}
