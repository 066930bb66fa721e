package io.lockstep.cli;

import io.lockstep.data.NearestName;
import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder of a run, as an argument: a mistyped one is refused with those that there are. */
final class RunArgument {

  /** Where runs go that are given no folder. */
  static final Path RUNS = Path.of("runs");

  private static final int MOST_NAMED = 5;

  private RunArgument() {}

  /**
   * Refuses what is not there.
   *
   * @throws BadInputException naming the runs beside it, the newest first, and the likeliest
   */
  static void require(Path run) {
    if (Files.exists(run)) {
      return; // Whoever opens it says what it lacks.
    }
    Map<String, Path> there = beside(run);
    throw new BadInputException(
        "%s: no such folder; expected that of a run, %s%s"
            .formatted(run, named(there), likeliest(run, there)));
  }

  /** Whether there are runs where {@code run} would be. */
  static boolean mayBeMeant(Path run) {
    return !beside(run).isEmpty();
  }

  private static String named(Map<String, Path> there) {
    if (there.isEmpty()) {
      return "such as runs/digits-…";
    }
    List<Path> newest =
        there.values().stream()
            .sorted(Comparator.comparing(RunArgument::changedMs).reversed())
            .limit(MOST_NAMED)
            .toList();
    int more = there.size() - newest.size();
    return "such as "
        + newest.stream().map(Path::toString).collect(Collectors.joining(", "))
        + (more == 0 ? "" : " (and %d more)".formatted(more));
  }

  private static String likeliest(Path run, Map<String, Path> there) {
    return NearestName.of(run.getFileName().toString(), there.keySet())
        .map(near -> "; did you mean %s?".formatted(there.get(near)))
        .orElse("");
  }

  /** The runs in the folder that it was looked for in, else in {@code runs}, by name. */
  private static Map<String, Path> beside(Path run) {
    Map<String, Path> there = in(run.getParent() == null ? Path.of("") : run.getParent());
    return there.isEmpty() ? in(RUNS) : there;
  }

  private static Map<String, Path> in(Path folder) {
    Path listed = folder.toString().isEmpty() ? Path.of(".") : folder;
    if (!Files.isDirectory(listed)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(listed)) {
      return files
          .filter(file -> RunFolder.isRun(file) || Files.exists(RunFolder.launchFile(file)))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString(),
                  file -> folder.resolve(file.getFileName()),
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException unreadable) {
      return Map.of();
    }
  }

  private static long changedMs(Path folder) {
    try {
      return Files.getLastModifiedTime(folder).toMillis();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
