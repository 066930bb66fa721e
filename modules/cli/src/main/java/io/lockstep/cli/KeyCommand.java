package io.lockstep.cli;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.keys.KeyFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockstep key}. */
@Command(
    name = "key",
    description = "Makes a key for a cluster whose nodes are started by hand or by a scheduler.",
    footer = {
      "",
      "Every node of the cluster needs the same file, and nobody else may read it: whoever has it belongs to the cluster. Nodes that listen beyond their own machine do not start without one.",
      "",
      "Example:",
      "  lockstep key cluster.key"
    })
final class KeyCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file to make; there must be none yet.")
  private Path file;

  KeyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ClusterKey key = ClusterKey.create();
    KeyFile.write(file, key);
    terminal.out().println(file + ": " + key);
    return ExitCode.OK;
  }
}
