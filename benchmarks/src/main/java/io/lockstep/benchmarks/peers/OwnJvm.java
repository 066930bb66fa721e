package io.lockstep.benchmarks.peers;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs like this one, with its options and classes. */
final class OwnJvm {

  private OwnJvm() {}

  /** A command that runs {@code main} on {@code cores} alone. */
  static List<String> command(Cores cores, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(cores.pin());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The options of this JVM. */
  static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }
}
