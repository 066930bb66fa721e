package io.lockstep.cli;

import io.lockstep.model.Jar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Layers of the user's own. */
final class JarOption {

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "A jar with layers of your own; may be repeated. A run keeps its jars: who names its folder need not name them.")
  private List<Path> files = new ArrayList<>();

  private List<Jar> jars;

  /** Where they are. */
  List<Path> files() {
    return files;
  }

  /**
   * The jars, as they were when they were read first.
   *
   * @throws io.lockstep.model.ModelException if one is missing, damaged or too large
   */
  List<Jar> read() {
    if (jars == null) {
      jars = Jar.read(files);
    }
    return jars;
  }
}
