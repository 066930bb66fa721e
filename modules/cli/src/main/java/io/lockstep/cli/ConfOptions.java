package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.Jar;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The configuration that a command is about. */
final class ConfOptions {

  @Parameters(
      paramLabel = "CONF|RUN",
      description =
          "A configuration file, the name of one that comes with lockstep (see lockstep train --help), or the folder of a run, which has its own.")
  private String argument;

  @Mixin private SetOption set = new SetOption();

  @Mixin private JarOption jars = new JarOption();

  /** How it is named. */
  String argument() {
    return argument;
  }

  /** What is set otherwise, each {@code key=value}. */
  List<String> settings() {
    return set.settings();
  }

  /**
   * Files with layers of the user's own.
   *
   * @see #jars
   */
  List<Path> jarFiles() {
    return jars.files();
  }

  /** The layers of the user's own. */
  List<Jar> jars() {
    return jars.read();
  }

  /**
   * The configuration.
   *
   * @param more what the command sets beside, over what the user does
   */
  Configuration load(Overrides more) {
    return Configurations.load(argument, set.overrides().with(more), jars.read());
  }
}
