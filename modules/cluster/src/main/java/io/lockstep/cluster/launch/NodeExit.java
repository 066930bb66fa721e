package io.lockstep.cluster.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node's process that ended.
 *
 * @param name of the node
 * @param exitCode of the process, or of the ssh that it ran under
 * @param log all that it wrote
 * @param lastLines of it
 */
public record NodeExit(String name, int exitCode, Path log, List<String> lastLines) {

  private static final int SIGNALS = 128;

  /** Somebody sent it, or the system for want of memory: the process has no say in it. */
  private static final Set<Integer> KILLS = Set.of(SIGNALS + 9, SIGNALS + 15);

  /**
   * What happened, for people: a sentence, and the last lines of the log unless it was killed, of
   * which they cannot tell.
   */
  public String describe() {
    String how =
        exitCode > SIGNALS
            ? "was killed by signal " + (exitCode - SIGNALS)
            : "ended with exit code " + exitCode;
    String words = KILLS.contains(exitCode) ? "" : indented(lastLines);
    return "node %s %s; its log: %s%s".formatted(name, how, log, words);
  }

  static String indented(List<String> lines) {
    return lines.stream().map(line -> "\n  | " + line).collect(Collectors.joining());
  }
}
