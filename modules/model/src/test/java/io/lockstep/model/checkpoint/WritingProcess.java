package io.lockstep.model.checkpoint;

import io.lockstep.model.ModelException;
import io.lockstep.nn.ParameterLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A process that writes one checkpoint after the other, until it is killed or one fails. */
final class WritingProcess {

  private static final int KEPT = 2;

  private WritingProcess() {}

  /**
   * @param arguments the folder, hidden units, the first version
   */
  public static void main(String[] arguments) {
    CheckpointFolder folder = new CheckpointFolder(Path.of(arguments[0]));
    ParameterLayout layout = Samples.layout(Integer.parseInt(arguments[1]));
    System.out.println("begins");
    try {
      for (long version = Long.parseLong(arguments[2]); ; version++) {
        folder.write(layout, Samples.checkpoint(layout, version));
        folder.prune(version, KEPT, Set.of());
        System.out.println("wrote");
      }
    } catch (ModelException failure) {
      System.out.println(failure.getMessage());
    }
  }

  /**
   * Starts it.
   *
   * @param before words of a shell before it, such as a limit
   */
  static Process start(String before, Path folder, int hidden, long version) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WritingProcess.class.getName());
    command.addAll(List.of(folder.toString(), "" + hidden, "" + version));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
