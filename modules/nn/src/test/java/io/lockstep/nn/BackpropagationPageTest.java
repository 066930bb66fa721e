package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.graph.Composition;
import io.lockstep.nn.graph.ComputationalGraph;
import io.lockstep.nn.graph.Evaluation;
import io.lockstep.nn.graph.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/backpropagation.md to its own formulas and to what backpropagation gives. */
class BackpropagationPageTest {

  private static final double[] X = {1, -2};
  private static final double Y = 1;

  /** The canonical θ: W¹, b¹, W², b², W³, b³. */
  private static final double[] THETA = {
    0.5, -0.25, 0.25, 0.5, 0.1, -0.2, 0.75, -0.5, -1.0, 0.25, 0.2, 0.1, 1.5, -0.5, 0.3
  };

  private static final int B1 = 4;
  private static final int W2 = 6;
  private static final int W3 = 12;

  private static double[] linear(double[] x, double[] theta, int at) {
    double[] z = new double[2];
    for (int j = 0; j < 2; j++) {
      z[j] = x[0] * theta[at + j] + x[1] * theta[at + 2 + j] + theta[at + 4 + j];
    }
    return z;
  }

  private static double[] logistic(double[] z) {
    return Arrays.stream(z).map(v -> 1 / (1 + Math.exp(-v))).toArray();
  }

  /** Each term of the page, by the page's formulas. */
  private static Map<String, double[]> terms(double[] theta) {
    double[] a1 = logistic(linear(X, theta, 0));
    double[] a2 = logistic(linear(a1, theta, W2));
    double output = a2[0] * theta[W3] + a2[1] * theta[W3 + 1] + theta[W3 + 2];
    double delta3 = 2 * (output - Y);
    double[] delta2 = new double[2];
    double[] delta1 = new double[2];
    double[] dB1 = new double[2];
    double[] dW2 = new double[4];
    for (int j = 0; j < 2; j++) {
      delta2[j] = delta3 * theta[W3 + j] * a2[j] * (1 - a2[j]);
    }
    for (int i = 0; i < 2; i++) {
      double sum = 0;
      for (int j = 0; j < 2; j++) {
        double weight = theta[W2 + 2 * i + j];
        delta1[i] += delta2[j] * weight * a1[i] * (1 - a1[i]);
        sum += theta[W3 + j] * a2[j] * (1 - a2[j]) * weight * a1[i] * (1 - a1[i]);
        dW2[2 * i + j] = 2 * (output - Y) * theta[W3 + j] * a2[j] * (1 - a2[j]) * a1[i];
      }
      dB1[i] = 2 * (output - Y) * sum;
    }
    Map<String, double[]> terms = new LinkedHashMap<>();
    terms.put("z¹", linear(X, theta, 0));
    terms.put("a¹", a1);
    terms.put("z²", linear(a1, theta, W2));
    terms.put("a²", a2);
    terms.put("ŷ", new double[] {output});
    terms.put("J", new double[] {(output - Y) * (output - Y)});
    terms.put("δ³", new double[] {delta3});
    terms.put("δ²", delta2);
    terms.put("δ¹", delta1);
    terms.put("∂J/∂b¹", dB1);
    terms.put("∂J/∂W²", dW2);
    return terms;
  }

  @Test
  void pageHasTheTermsOfItsFormulas() throws IOException {
    List<String> page = Files.readAllLines(Path.of("..", "..", "docs", "backpropagation.md"));
    terms(THETA)
        .forEach(
            (term, expected) -> {
              String start = "| " + term + " | ";
              String line =
                  page.stream()
                      .filter(l -> l.startsWith(start) && l.matches(".*\\| -?[0-9].*"))
                      .findFirst()
                      .orElseThrow();
              String[] found = line.substring(start.length(), line.length() - 2).split(", ");
              assertThat(found).as(term).hasSize(expected.length);
              for (int i = 0; i < found.length; i++) {
                assertThat(Double.parseDouble(found[i]))
                    .as(term)
                    .isCloseTo(expected[i], within(6e-7));
              }
            });
  }

  @Test
  void termsAreCentralDifferences() {
    double[] dB1 = terms(THETA).get("∂J/∂b¹");
    double[] dW2 = terms(THETA).get("∂J/∂W²");
    for (int i = 0; i < 2; i++) {
      assertThat(dB1[i]).isCloseTo(difference(B1 + i), within(1e-9));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(dW2[i]).isCloseTo(difference(W2 + i), within(1e-9));
    }
  }

  private static double difference(int at) {
    double[] theta = THETA.clone();
    theta[at] = THETA[at] + 1e-5;
    double above = terms(theta).get("J")[0];
    theta[at] = THETA[at] - 1e-5;
    return (above - terms(theta).get("J")[0]) / 2e-5;
  }

  private static void close(float[] actual, int at, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[at + i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void builtInLayersGiveTheTerms() {
    Network network =
        Network.builder(2)
            .dense(2, Activation.SIGMOID)
            .dense(2, Activation.SIGMOID)
            .output(new SquaredError(), 1);
    float[] canonical = new float[THETA.length];
    for (int i = 0; i < canonical.length; i++) {
      canonical[i] = (float) THETA[i];
    }
    float[] theta = network.parameters().toPacked(canonical);
    for (Kernels kernels : KernelSets.all()) {
      Pass pass = new Pass(network, kernels, 1);
      pass.input()[pass.inputAt()] = (float) X[0];
      pass.input()[pass.inputAt() + 1] = (float) X[1];
      pass.targets()[0] = (float) Y;
      float[] gradient = new float[theta.length];
      Sums sums = new Sums();
      pass.train(theta, 1, 1, 0, 0, 0, gradient, sums, PassListener.NONE);
      float[] found = network.parameters().toCanonical(gradient);
      close(found, B1, terms(THETA).get("∂J/∂b¹"));
      close(found, W2, terms(THETA).get("∂J/∂W²"));
      assertThat(sums.loss).isCloseTo(terms(THETA).get("J")[0], within(1e-6));
    }
  }

  /** Each δ is a gradient of its own: that of an input added to z. */
  @Test
  void composedGraphGivesEachTerm() {
    Composition g = new Composition();
    Variable x = g.input("x", 2);
    Variable b1 = g.parameter(Parameter.vector("b1", 2, 0));
    Variable w2 = g.parameter(Parameter.matrix("W2", 2, 2, (row, column) -> 0));
    Variable zero2 = g.input("added to z2", 2);
    Variable zero3 = g.input("added to output", 1);
    float[][] w1 = {{0.5f, -0.25f}, {0.25f, 0.5f}};
    Variable z1 = x.matmul(g.constant(w1)).add(b1);
    Variable a1 = z1.logistic();
    float[][] b2 = {{0.2f, 0.1f}};
    Variable z2 = a1.matmul(w2).add(g.constant(b2)).add(zero2);
    Variable a2 = z2.logistic();
    float[][] w3 = {{1.5f}, {-0.5f}};
    Variable output = a2.matmul(g.constant(w3)).add(g.constant(0.3)).add(zero3);
    Variable j = output.add(-Y).square();
    List<Variable> wanted = List.of(b1, w2, zero2, zero3);
    Evaluation e = new Evaluation(new ComputationalGraph(j, wanted), KernelSets.all().getLast(), 1);
    e.begin(1);
    e.bind(x, packed(X, 1), 0);
    e.bind(b1, packed(Arrays.copyOfRange(THETA, B1, W2), 1), 0);
    e.bind(w2, packed(Arrays.copyOfRange(THETA, W2, W2 + 4), 2), 0);
    e.bind(zero2, new float[Panels.WIDTH], 0);
    e.bind(zero3, new float[Panels.WIDTH], 0);
    List<float[]> gradients = wanted.stream().map(any -> new float[2 * Panels.WIDTH]).toList();
    for (int i = 0; i < gradients.size(); i++) {
      e.bindGradient(wanted.get(i), gradients.get(i), 0);
    }
    e.bindGradient(j, packed(new double[] {1}, 1), 0);
    e.forward();
    e.backward();

    Map<String, double[]> terms = terms(THETA);
    Map<String, Variable> values =
        Map.of("z¹", z1, "a¹", a1, "z²", z2, "a²", a2, "ŷ", output, "J", j);
    values.forEach(
        (term, variable) -> {
          for (int i = 0; i < terms.get(term).length; i++) {
            assertThat((double) e.get(variable, 0, i))
                .as(term)
                .isCloseTo(terms.get(term)[i], within(1e-6));
          }
        });
    close(gradients.get(0), 0, terms.get("δ¹"));
    close(gradients.get(0), 0, terms.get("∂J/∂b¹"));
    close(gradients.get(1), 0, Arrays.copyOf(terms.get("∂J/∂W²"), 2));
    close(gradients.get(1), 16, Arrays.copyOfRange(terms.get("∂J/∂W²"), 2, 4));
    close(gradients.get(2), 0, terms.get("δ²"));
    close(gradients.get(3), 0, terms.get("δ³"));
  }

  private static float[] packed(double[] rowMajor, int rows) {
    int columns = rowMajor.length / rows;
    float[] packed = new float[Panels.size(rows, columns)];
    for (int i = 0; i < rowMajor.length; i++) {
      packed[Panels.index(rows, i / columns, i % columns)] = (float) rowMajor[i];
    }
    return packed;
  }
}
