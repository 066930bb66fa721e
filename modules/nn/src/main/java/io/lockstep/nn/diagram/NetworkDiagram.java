package io.lockstep.nn.diagram;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Layer;
import io.lockstep.nn.Network;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.diagram.Diagram.Kind;
import io.lockstep.nn.graph.ComposedClassLoss;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.nn.graph.ComposedLoss;
import io.lockstep.nn.graph.GraphView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The computational graph of a network as a diagram; composed layers and losses in primitives. */
public final class NetworkDiagram {

  private final Diagram diagram = new Diagram();

  private NetworkDiagram() {}

  /** Draws a network, from its rows to its loss. */
  public static Diagram of(Network network) {
    NetworkDiagram drawing = new NetworkDiagram();
    drawing.draw(network);
    return drawing.diagram;
  }

  private void draw(Network network) {
    int x = diagram.box(Kind.INPUT, "x", "rows of the data");
    List<Integer> boxes = new ArrayList<>(List.of(x));
    int width = network.inputWidth();
    for (Layer layer : network.layers()) {
      boolean composed = layer instanceof Layer.Custom own && own.custom() instanceof ComposedLayer;
      x = composed ? composed(x, layer) : plain(x, layer);
      if (layer instanceof Layer.Residual residual) {
        diagram.arrow(boxes.get(residual.from() + 1), x, shape("rows", layer.in()));
      }
      boxes.add(x);
      width = layer.width();
    }
    loss(x, width, network);
  }

  private int plain(int x, Layer layer) {
    int box = diagram.box(Kind.OPERATION, layer.name(), formula(layer));
    diagram.arrow(x, box, shape("rows", layer.in()));
    for (Parameter parameter : layer.parameters()) {
      parameter(layer.name(), parameter, box);
    }
    return box;
  }

  private static String formula(Layer layer) {
    return switch (layer) {
      case Layer.Dense dense when dense.activation() == Activation.IDENTITY -> "x W + b";
      case Layer.Dense dense -> dense.activation().name().toLowerCase(Locale.ROOT) + "(x W + b)";
      case Layer.Dropout dropout -> "rate " + dropout.rate();
      case Layer.Residual residual -> "x + f(x)";
      case Layer.Custom own -> own.custom().detail();
    };
  }

  private int parameter(String layer, Parameter parameter, int consumer) {
    int box = diagram.box(Kind.PARAMETER, layer + "." + parameter.name(), "");
    diagram.arrow(box, consumer, shape(parameter));
    return box;
  }

  private static String shape(Parameter parameter) {
    return parameter.role() == ParameterLayout.Role.WEIGHT
        ? shape(Integer.toString(parameter.rows()), parameter.columns())
        : "[" + parameter.columns() + "]";
  }

  private static String shape(String rows, int columns) {
    return "[%s × %d]".formatted(rows, columns);
  }

  private int composed(int x, Layer layer) {
    ComposedLayer composed = (ComposedLayer) ((Layer.Custom) layer).custom();
    return primitives(GraphView.of(composed), Map.of("x", x), layer.name() + ".");
  }

  private void loss(int eta, int width, Network network) {
    OutputFamily family = network.family();
    boolean classes = family.classification();
    int outputs = network.outputs();
    int y = diagram.box(Kind.INPUT, "y", classes ? "class of each row" : "targets");
    if (family instanceof ComposedLoss loss) {
      Map<String, Integer> leaves = Map.of("eta", eta, "y", y);
      end(primitives(GraphView.of(loss.lossGraph(outputs)), leaves, ""), family);
    } else if (family instanceof ComposedClassLoss loss) {
      Map<String, Integer> leaves = Map.of("eta", eta, "label", y);
      end(primitives(GraphView.of(loss.lossGraph(outputs)), leaves, ""), family);
    } else {
      int j = diagram.box(Kind.LOSS, "J", family.name());
      diagram.arrow(eta, j, shape("rows", width));
      diagram.arrow(y, j, classes ? "[rows]" : shape("rows", outputs));
    }
  }

  private void end(int loss, OutputFamily family) {
    int j = diagram.box(Kind.LOSS, "J", family.name());
    diagram.arrow(loss, j, shape("rows", 1));
  }

  /**
   * Draws the primitives of a graph.
   *
   * @param leaves boxes of its inputs, by name
   * @param prefix of the names of its parameters
   * @return the box of its output
   */
  private int primitives(GraphView view, Map<String, Integer> leaves, String prefix) {
    Map<Integer, Integer> boxes = new HashMap<>();
    int last = -1;
    for (GraphView.Node node : view.nodes()) {
      last =
          switch (node.kind()) {
            case PARAMETER -> diagram.box(Kind.PARAMETER, prefix + node.name(), "");
            case CONSTANT -> diagram.box(Kind.INPUT, node.name(), "");
            case INPUT -> leaves.get(node.name());
            case PRIMITIVE -> primitive(node.name(), node.sources(), boxes);
          };
      boxes.put(node.id(), last);
    }
    return last;
  }

  private int primitive(String name, List<GraphView.Source> sources, Map<Integer, Integer> boxes) {
    int box = diagram.box(Kind.OPERATION, name, "");
    for (GraphView.Source source : sources) {
      diagram.arrow(boxes.get(source.id()), box, source.shape());
    }
    return box;
  }
}
