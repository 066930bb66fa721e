package io.lockstep.nn.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Network;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.diagram.Diagram.Arrow;
import io.lockstep.nn.diagram.Diagram.Box;
import io.lockstep.nn.diagram.Diagram.Kind;
import io.lockstep.nn.diagram.LayeredLayout.Item;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.Variable;
import java.io.StringReader;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class DiagramTest {

  private static Network network() {
    ComposedLayer gated =
        new ComposedLayer(
            "gated",
            16,
            (graph, x) -> {
              Variable v = graph.parameter(Parameter.matrix("V", 16, 8, Initializer.LECUN_NORMAL));
              Variable z = x.matmul(v);
              return z.tanh().mul(z.logistic()).concat(x);
            });
    return Network.builder(784)
        .dense(16, Activation.RELU)
        .dropout(0.4)
        .custom(gated)
        .output(new Categorical(), 10);
  }

  @Test
  void hasABoxForEachOperationAndShapesOnArrows() {
    Diagram diagram = NetworkDiagram.of(network());
    List<Box> boxes = diagram.boxes();

    assertThat(boxes)
        .extracting(Box::title)
        .containsExactly(
            "x",
            "dense1",
            "dense1.W",
            "dense1.b",
            "dropout1",
            "gated1.V",
            "matmul",
            "tanh",
            "logistic",
            "×",
            "concat",
            "output",
            "output.W",
            "output.b",
            "y",
            "J");
    assertThat(boxes.get(1)).isEqualTo(new Box(Kind.OPERATION, "dense1", "relu(x W + b)"));
    assertThat(diagram.arrows())
        .contains(
            new Arrow(0, 1, "[rows × 784]"),
            new Arrow(2, 1, "[784 × 16]"),
            new Arrow(3, 1, "[16]"),
            new Arrow(5, 6, "[16 × 8]"),
            new Arrow(6, 7, "[rows × 8]"),
            new Arrow(4, 10, "[rows × 16]"),
            new Arrow(10, 11, "[rows × 24]"),
            new Arrow(11, 15, "[rows × 10]"),
            new Arrow(14, 15, "[rows]"));
    assertThat(diagram.arrows()).hasSize(17);
  }

  @Test
  void aResidualConnectionHasTwoArrowsToItsEnd() {
    Diagram diagram =
        NetworkDiagram.of(
            Network.builder(4)
                .batchNorm(0.9, 1e-5)
                .residual(f -> f.dense(4, Activation.RELU))
                .output(new Categorical(), 2));

    assertThat(diagram.boxes())
        .extracting(Box::title)
        .startsWith(
            "x",
            "batchNorm1",
            "batchNorm1.gain",
            "batchNorm1.bias",
            "batchNorm1.running_mean",
            "batchNorm1.running_var",
            "dense1",
            "dense1.W",
            "dense1.b",
            "residual1");
    assertThat(diagram.arrows())
        .contains(
            new Arrow(5, 1, "[4]"), new Arrow(6, 9, "[rows × 4]"), new Arrow(1, 9, "[rows × 4]"));
  }

  @Test
  void arrowsLeadToTheRightAndNothingOfAColumnOverlaps() {
    Diagram diagram = NetworkDiagram.of(network());
    LayeredLayout layout = new LayeredLayout(diagram);

    for (List<Item> path : layout.paths()) {
      for (int i = 1; i < path.size(); i++) {
        assertThat(path.get(i).column).isEqualTo(path.get(i - 1).column + 1);
      }
    }
    List<Item> boxes = layout.boxes();
    for (Item a : boxes) {
      for (Item b : boxes) {
        if (!a.equals(b) && a.column == b.column) {
          assertThat(Math.abs(a.y - b.y)).isGreaterThan(0.99);
        }
      }
      assertThat(a.y).isBetween(-1e-9, layout.height());
    }
  }

  @Test
  void svgIsXmlWithATextForEachBoxAndArrow() throws Exception {
    Diagram diagram = NetworkDiagram.of(network());
    String svg = SvgText.of(diagram, "a < b");

    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)))
            .getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("svg");
    assertThat(root.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a < b");
    long details = diagram.boxes().stream().filter(box -> !box.detail().isEmpty()).count();
    assertThat(root.getElementsByTagName("text").getLength())
        .isEqualTo((int) (diagram.boxes().size() + details + diagram.arrows().size()));
    assertThat(SvgText.of(diagram, "a < b")).isEqualTo(svg);
  }

  /** Two arrows that cross half-way. */
  @Test
  void labelsDoNotLieOnEachOther() {
    Diagram diagram = new Diagram();
    int[] left = {diagram.box(Kind.INPUT, "a", ""), diagram.box(Kind.INPUT, "b", "")};
    int[] right = {diagram.box(Kind.OPERATION, "c", ""), diagram.box(Kind.OPERATION, "d", "")};
    for (int from : left) {
      for (int to : right) {
        diagram.arrow(from, to, "[rows × 1000]");
      }
    }
    String label = "<rect x=\"([\\d.]+)\" y=\"([\\d.]+)\" width=\"([\\d.]+)\" height=\"14\"";
    List<double[]> places =
        Pattern.compile(label)
            .matcher(SvgText.of(diagram, "net"))
            .results()
            .map(m -> new double[] {number(m, 1), number(m, 2), number(m, 3)})
            .toList();

    assertThat(places).hasSize(4);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        double[] a = places.get(i);
        double[] b = places.get(j);
        boolean apart = Math.abs(a[0] - b[0]) >= a[2] - 0.2 || Math.abs(a[1] - b[1]) >= 13.8;
        assertThat(apart).as("%d and %d", i, j).isTrue();
      }
    }
  }

  private static double number(MatchResult match, int group) {
    return Double.parseDouble(match.group(group));
  }

  @Test
  void dotQuotesItsTexts() {
    Diagram diagram = new Diagram();
    diagram.arrow(
        diagram.box(Kind.INPUT, "a \"b\"", "c"), diagram.box(Kind.LOSS, "J", ""), "[rows]");

    assertThat(DotText.of(diagram, "n"))
        .contains(
            "digraph \"n\" {",
            "n0 [label=\"a \\\"b\\\"\\nc\", shape=ellipse",
            "n0 -> n1 [label=\"[rows]\"];");
  }
}
