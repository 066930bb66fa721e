package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.Jar;
import io.lockstep.model.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the configuration that an argument means. */
final class Configurations {

  private Configurations() {}

  /**
   * A file; the folder of a run; or, where there is no such file, a name like {@code mnist} of what
   * comes with the program.
   *
   * @param jars with layers of the user's own; if none, those that a run has kept
   */
  static Configuration load(String argument, Overrides overrides, List<Jar> jars) {
    Path path = Path.of(argument);
    if (Files.isDirectory(path) && RunFolder.isRun(path)) {
      RunFolder run = RunFolder.open(path);
      return Configuration.load(run.configFile(), overrides)
          .withJars(jars.isEmpty() ? run.readJars() : jars);
    }
    return load(path, argument, overrides).withJars(jars);
  }

  private static Configuration load(Path path, String argument, Overrides overrides) {
    if (!Files.exists(path)) {
      boolean name = argument.matches("[A-Za-z0-9-]+");
      boolean timed = argument.matches(".*[0-9]{6}.*"); // As the names of runs are.
      if ((timed || !name) && !argument.endsWith(".conf") && RunArgument.mayBeMeant(path)) {
        RunArgument.require(path);
      }
      if (name) {
        return Configuration.bundled(argument, overrides);
      }
    }
    return Configuration.load(path, overrides);
  }
}
