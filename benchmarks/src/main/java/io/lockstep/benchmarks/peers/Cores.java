package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cores that this process may use, and on which of them something runs. One thread is measured
 * on the last core: where interrupts are bound to any, it is more often the first.
 *
 * @param numbers of the cores, ascending
 */
record Cores(List<Integer> numbers) {

  private static final String ALLOWED = "Cpus_allowed_list:";

  /** Those that this process may use, as the kernel says. */
  static Cores ofThisProcess() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return parse(
          lines
              .filter(line -> line.startsWith(ALLOWED))
              .map(line -> line.substring(ALLOWED.length()).strip())
              .findFirst()
              .orElseThrow());
    }
  }

  /** The cores of a list such as {@code 0-2,5}. */
  static Cores parse(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : list.split(",")) {
      String[] ends = range.split("-");
      for (int core = Integer.parseInt(ends[0]);
          core <= Integer.parseInt(ends[ends.length - 1]);
          core++) {
        numbers.add(core);
      }
    }
    return new Cores(numbers);
  }

  /** How many there are. */
  int count() {
    return numbers.size();
  }

  /** The last {@code count} of them, or all if they are fewer. */
  Cores last(int count) {
    return new Cores(numbers.subList(Math.max(0, numbers.size() - count), numbers.size()));
  }

  /** Core {@code index} of these alone. */
  Cores only(int index) {
    return new Cores(List.of(numbers.get(index)));
  }

  /** What goes before a command so that it runs on these cores alone. */
  List<String> pin() {
    String list = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    return List.of("taskset", "-c", list);
  }
}
