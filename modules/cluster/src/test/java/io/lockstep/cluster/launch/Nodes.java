package io.lockstep.cluster.launch;

import java.util.List;
import java.util.Map;

/** Command lines of stand-ins. */
final class Nodes {

  private Nodes() {}

  static NodeCommandLine node(String name, String mode) {
    JavaCommand java = JavaCommand.ofProcess(StandInNode.class.getName());
    return new NodeCommandLine(name, java.line(List.of(name, mode)), Map.of());
  }
}
