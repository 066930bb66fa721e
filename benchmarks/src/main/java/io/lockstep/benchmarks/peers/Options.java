package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command line asks for.
 *
 * @param parts names of the parts to measure
 * @param networks to measure them on
 * @param repetitions of each comparison
 * @param transports of the data plane, for round trips; the first also for launched processes
 * @param quick whether to be short: fewer and shorter repetitions
 * @param output the file that is written
 */
record Options(
    List<String> parts,
    List<BenchmarkNetwork> networks,
    int repetitions,
    List<String> transports,
    boolean quick,
    Path output) {

  static final String USAGE =
      "usage: benchmarks/run peers [--only PART,…] [--networks W1,…] [--repetitions N] [--quick]"
          + " [--transport auto,unix,tcp] [FILE]";

  private static final int REPETITIONS = 7;
  private static final int QUICK_REPETITIONS = 3;
  private static final List<String> TRANSPORTS = List.of("auto", "unix", "tcp");

  /**
   * @param known names of all parts
   * @param output where the table goes unless a file is named
   * @throws IllegalArgumentException if they are not understood
   */
  static Options parse(String[] arguments, Set<String> known, Path output) {
    Deque<String> words = new ArrayDeque<>(List.of(arguments));
    boolean quick = words.remove("--quick");
    List<BenchmarkNetwork> networks = List.of(BenchmarkNetwork.values());
    Options options =
        new Options(
            List.copyOf(known),
            networks,
            quick ? QUICK_REPETITIONS : REPETITIONS,
            TRANSPORTS,
            quick,
            output);
    while (!words.isEmpty()) {
      options = options.with(words.poll(), words, known);
    }
    return options;
  }

  private Options with(String word, Deque<String> words, Set<String> known) {
    return switch (word) {
      case "--only" -> only(list(word, words), known);
      case "--networks" ->
          new Options(
              parts,
              list(word, words).stream().map(BenchmarkNetwork::valueOf).toList(),
              repetitions,
              transports,
              quick,
              output);
      case "--repetitions" ->
          new Options(
              parts, networks, Integer.parseInt(value(word, words)), transports, quick, output);
      case "--transport" ->
          new Options(parts, networks, repetitions, list(word, words), quick, output);
      default -> to(word);
    };
  }

  private Options only(List<String> wanted, Set<String> known) {
    List<String> unknown = wanted.stream().filter(part -> !known.contains(part)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "--only: expected some of %s but found %s"
              .formatted(String.join(",", known), String.join(",", unknown)));
    }
    List<String> inOrder = known.stream().filter(wanted::contains).toList();
    return new Options(inOrder, networks, repetitions, transports, quick, output);
  }

  private Options to(String file) {
    if (file.startsWith("-")) {
      throw new IllegalArgumentException("expected an option but found " + file + "\n" + USAGE);
    }
    return new Options(parts, networks, repetitions, transports, quick, Path.of(file));
  }

  private static List<String> list(String option, Deque<String> words) {
    return Stream.of(value(option, words).split(",")).toList();
  }

  private static String value(String option, Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(option + ": expected a value\n" + USAGE);
    }
    return words.poll();
  }

  /** Repetitions of what takes half a minute: fewer. */
  int longRepetitions() {
    return Math.max(1, repetitions / 2);
  }

  /** Seconds of one measurement of a warm contestant. */
  double seconds() {
    return quick ? 0.4 : 0.7;
  }
}
