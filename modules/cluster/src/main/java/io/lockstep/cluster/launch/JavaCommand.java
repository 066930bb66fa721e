package io.lockstep.cluster.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * This program once more, as another process: the same Java, the same options of the JVM, the same
 * classes.
 *
 * @param java the executable
 * @param options of the JVM
 * @param classPath where the classes are
 * @param mainClass where it starts
 */
public record JavaCommand(String java, List<String> options, String classPath, String mainClass) {

  /** A debugger's port, or a recording's file, belongs to one process. */
  private static final List<String> OWN =
      List.of("-agentlib:", "-agentpath:", "-javaagent:", "-Xrun", "-XX:StartFlightRecording");

  /** As this process was started. */
  public static JavaCommand ofProcess(String mainClass) {
    String java =
        ProcessHandle.current()
            .info()
            .command()
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> OWN.stream().noneMatch(option::startsWith))
            .toList();
    return new JavaCommand(java, options, System.getProperty("java.class.path"), mainClass);
  }

  /**
   * The same with more options of the JVM. It refuses two collectors, so the new one wins, and the
   * size of the old one's young generation goes with it.
   */
  public JavaCommand withOptions(List<String> more) {
    boolean collector = more.stream().anyMatch(JavaCommand::namesCollector);
    Stream<String> kept =
        options.stream()
            .filter(option -> !collector || !(namesCollector(option) || sizesYoung(option)));
    return new JavaCommand(java, Stream.concat(kept, more.stream()).toList(), classPath, mainClass);
  }

  private static boolean sizesYoung(String option) {
    return option.startsWith("-XX:MaxNewSize=");
  }

  private static boolean namesCollector(String option) {
    return option.matches("-XX:\\+Use\\w*GC");
  }

  /** The whole command line. */
  public List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(java);
    line.addAll(options);
    line.addAll(List.of("-cp", classPath, mainClass));
    line.addAll(arguments);
    return line;
  }
}
