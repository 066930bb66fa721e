package io.lockstep.cli;

import io.lockstep.nn.Network;
import io.lockstep.nn.diagram.Diagram;
import io.lockstep.nn.diagram.DotText;
import io.lockstep.nn.diagram.NetworkDiagram;
import io.lockstep.nn.diagram.SvgText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that a network's graph is drawn into.
 *
 * @param file its path
 * @param svg whether it is SVG, else DOT
 */
record GraphFile(Path file, boolean svg) {

  /**
   * @throws BadInputException if the name ends neither in .svg nor in .dot
   */
  static GraphFile of(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean svg = name.endsWith(".svg");
    if (!svg && !name.endsWith(".dot")) {
      throw new BadInputException(
          "--graph: expected a file that ends in .svg or .dot but found " + file);
    }
    return new GraphFile(file, svg);
  }

  void write(String title, Network network) {
    Diagram diagram = NetworkDiagram.of(network);
    try {
      Files.writeString(file, svg ? SvgText.of(diagram, title) : DotText.of(diagram, title));
    } catch (IOException failure) {
      throw new BadInputException("--graph: cannot write %s: %s".formatted(file, failure), failure);
    }
  }
}
