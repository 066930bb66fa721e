package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.RunSummary.UsedJar;
import io.lockstep.model.checkpoint.CheckpointFolder;
import io.lockstep.nn.ParameterLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of one run. Immutable; the files are written by one thread at a time, and each but the
 * metrics is there either as a whole or not at all.
 */
public final class RunFolder {

  private static final String CONFIG = "config.conf";

  /** The metrics' file in the folder of a run. */
  public static final String METRICS = "metrics.jsonl";

  /** The file of the run's timeline, if it was traced. */
  public static final String TRACE = "trace.json";

  private static final String WEIGHTS = "weights.safetensors";
  private static final String SUMMARY = "run.json";
  private static final String ENCODING = "encoding.json";
  private static final String COEFFICIENTS = "coefficients";
  private static final String LAUNCH = "launch.json";
  private static final String LOGS = "logs";
  private static final String JARS = "jars";
  private static final String CHECKPOINTS = "checkpoints";

  /** What the launcher of a run's processes puts there before the run begins. */
  private static final Set<String> LAUNCHERS = Set.of(LAUNCH, LOGS);

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /** Where a run goes that names no folder: {@code <runs>/<name>-<time>}, not there yet. */
  public static Path usualPath(Path runs, String name, LocalDateTime now) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+", "");
    String base = (plain.isEmpty() ? "run" : plain) + "-" + TIME.format(now);
    Path path = runs.resolve(base);
    for (int again = 2; Files.exists(path); again++) {
      path = runs.resolve(base + "-" + again);
    }
    return path;
  }

  /**
   * Makes the folder, and those above it, and writes the configuration into it: after this the run
   * has a place that can be written to.
   *
   * @param resolvedConfig HOCON with all defaults filled in
   * @throws ModelException if the folder holds anything but a launcher's files already, or cannot
   *     be written
   */
  public static RunFolder create(Path path, String resolvedConfig) {
    RunFolder claimed = new RunFolder(path);
    try {
      Files.createDirectories(path);
      try (Stream<Path> files = Files.list(path)) {
        if (files.anyMatch(file -> !LAUNCHERS.contains(file.getFileName().toString()))) {
          throw taken(path);
        }
      }
      Files.createFile(claimed.configFile()); // Of two runs that start at once, one gets here.
    } catch (FileAlreadyExistsException exists) {
      throw Files.isDirectory(path) ? taken(path) : cannotBeMade(path, exists);
    } catch (IOException failure) {
      throw cannotBeMade(path, failure);
    }
    AtomicFile.write(claimed.configFile(), resolvedConfig);
    return claimed;
  }

  private static ModelException taken(Path path) {
    return new ModelException(
        path + ": expected an empty or new folder for the run, but it holds files; name another");
  }

  private static ModelException cannotBeMade(Path path, IOException failure) {
    return new ModelException(
        "%s: the folder of the run cannot be made: %s; name another"
            .formatted(path, reason(failure)),
        failure);
  }

  /**
   * Opens the folder of an earlier run.
   *
   * @throws ModelException if there is none
   */
  public static RunFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new ModelException(
          "%s: %s; expected the folder of a run, such as runs/digits-…"
              .formatted(path, Files.exists(path) ? "no folder" : "no such folder"));
    }
    RunFolder folder = new RunFolder(path);
    folder.require(CONFIG);
    return folder;
  }

  /** Whether a path looks like the folder of a run. */
  public static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve(CONFIG));
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The resolved configuration's file. */
  public Path configFile() {
    return path.resolve(CONFIG);
  }

  /** The metrics' file. */
  public Path metricsFile() {
    return path.resolve(METRICS);
  }

  /** The weights' file. */
  public Path weightsFile() {
    return path.resolve(WEIGHTS);
  }

  /** The summary's file. */
  public Path summaryFile() {
    return path.resolve(SUMMARY);
  }

  /** The file that a launcher keeps about the run's processes; there is one only if it has one. */
  public static Path launchFile(Path run) {
    return run.resolve(LAUNCH);
  }

  /** The folder of the logs of the run's processes; see {@link #launchFile}. */
  public static Path logsFolder(Path run) {
    return run.resolve(LOGS);
  }

  /** The checkpoints of the run. */
  public CheckpointFolder checkpoints() {
    return new CheckpointFolder(path.resolve(CHECKPOINTS));
  }

  /**
   * Length of the metrics so far.
   *
   * @throws ModelException if it cannot be found out
   */
  public long metricsBytes() {
    try {
      return Files.size(metricsFile());
    } catch (IOException failure) {
      throw MetricsLog.cannot("read", metricsFile(), failure);
    }
  }

  /**
   * Forces the metrics to the disk.
   *
   * @throws ModelException if that fails
   */
  public void forceMetrics() {
    try (FileChannel channel = FileChannel.open(metricsFile(), StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException failure) {
      throw MetricsLog.cannot("written", metricsFile(), failure);
    }
  }

  /**
   * Keeps the jars with layers of the user's own.
   *
   * @throws ModelException if that fails
   */
  public void writeJars(List<Jar> jars) {
    if (jars.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(path.resolve(JARS));
    } catch (IOException failure) {
      throw new ModelException(
          "%s: cannot be made: %s".formatted(path.resolve(JARS), reason(failure)), failure);
    }
    for (Jar jar : jars) {
      ByteBuffer content = jar.content(0, jar.bytes());
      AtomicFile.write(
          path.resolve(JARS).resolve(jar.name()), file -> AtomicFile.writeAll(file, content));
    }
  }

  /**
   * Makes the run one that is not over: cuts off all metrics behind the first {@code metricsBytes},
   * those of steps that are done again, and deletes the summary.
   *
   * @throws ModelException if that fails
   */
  public void goOn(long metricsBytes) {
    try (FileChannel channel = FileChannel.open(metricsFile(), StandardOpenOption.WRITE)) {
      channel.truncate(metricsBytes);
      Files.deleteIfExists(summaryFile());
    } catch (IOException failure) {
      throw MetricsLog.cannot("written", metricsFile(), failure);
    }
  }

  /**
   * Reads the jars with layers of the user's own, none if the run has none.
   *
   * @throws ModelException if they are damaged, or others than the summary says
   */
  public List<Jar> readJars() {
    List<Jar> jars = Jar.read(jarFiles());
    if (Files.exists(summaryFile())) {
      List<UsedJar> used = readSummary().jars();
      List<UsedJar> found =
          jars.stream().map(jar -> new UsedJar(jar.name(), jar.sha256())).toList();
      if (!found.equals(used)) {
        throw new ModelException(
            "%s: expected the jars of the run, %s, but found %s"
                .formatted(path.resolve(JARS), used, found));
      }
    }
    return jars;
  }

  private List<Path> jarFiles() {
    Path folder = path.resolve(JARS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException failure) {
      throw new ModelException(
          "%s: cannot be read: %s".formatted(folder, reason(failure)), failure);
    }
  }

  /** Opens the metrics for writing; the caller closes them. */
  public MetricsLog openMetrics() {
    return MetricsLog.open(metricsFile());
  }

  /**
   * Writes the weights; earlier ones are replaced at once when the new ones are whole.
   *
   * @param packed all parameters
   * @param metadata texts for people, may be empty
   * @throws ModelException if that fails
   */
  public void writeWeights(ParameterLayout layout, float[] packed, Map<String, String> metadata) {
    Weights.write(weightsFile(), layout, packed, metadata);
  }

  /**
   * Reads the weights, packed.
   *
   * @throws ModelException if they are missing, damaged, or of another network
   */
  public float[] readWeights(ParameterLayout layout) {
    require(WEIGHTS);
    return Weights.read(weightsFile(), layout);
  }

  /**
   * Writes how data become inputs.
   *
   * @throws ModelException if that fails
   */
  public void writeEncoding(Encoding encoding) {
    AtomicFile.write(path.resolve(ENCODING), Json.line(encoding) + "\n");
  }

  /**
   * Reads how data become inputs.
   *
   * @throws ModelException if the file is missing or damaged
   */
  public Encoding readEncoding() {
    return readJson(ENCODING, Encoding.class, "the encoding of a run");
  }

  /**
   * Writes the summary.
   *
   * @throws ModelException if that fails
   */
  public void writeSummary(RunSummary summary) {
    AtomicFile.write(summaryFile(), summary.toJson());
  }

  /**
   * Reads the summary.
   *
   * @throws ModelException if it is missing or damaged
   */
  public RunSummary readSummary() {
    return readJson(SUMMARY, RunSummary.class, "the summary of a run");
  }

  /**
   * Writes the timeline of some steps.
   *
   * @param json in Chrome's trace event format
   * @throws ModelException if that fails
   */
  public void writeTrace(AtomicFile.Text json) {
    AtomicFile.writeText(path.resolve(TRACE), json);
  }

  /** Whether {@link #writeTrace} was called. */
  public boolean hasTrace() {
    return Files.exists(path.resolve(TRACE));
  }

  /**
   * Writes the coefficients, for people as CSV and for programs as JSON.
   *
   * @throws ModelException if that fails
   */
  public void writeCoefficients(CoefficientTable table) {
    AtomicFile.write(path.resolve(COEFFICIENTS + ".csv"), table.toCsv());
    AtomicFile.write(path.resolve(COEFFICIENTS + ".json"), Json.line(table) + "\n");
  }

  /**
   * Reads the coefficients.
   *
   * @return empty if the run has none
   * @throws ModelException if they are damaged
   */
  public Optional<CoefficientTable> readCoefficients() {
    String name = COEFFICIENTS + ".json";
    return Files.exists(path.resolve(name))
        ? Optional.of(readJson(name, CoefficientTable.class, "the coefficients of a run"))
        : Optional.empty();
  }

  private <T> T readJson(String name, Class<T> type, String expected) {
    require(name);
    Path file = path.resolve(name);
    try {
      T value = Json.read(Files.readString(file), type);
      if (value == null) {
        throw new ModelException("%s: expected %s but found null".formatted(file, expected));
      }
      return value;
    } catch (JsonProcessingException malformed) {
      throw new ModelException(
          "%s: expected %s: %s".formatted(file, expected, malformed.getOriginalMessage()),
          malformed);
    } catch (IOException failure) {
      throw new ModelException(
          "%s: cannot be read: %s".formatted(file, AtomicFile.reason(failure)), failure);
    }
  }

  private void require(String name) {
    if (!Files.isRegularFile(path.resolve(name))) {
      throw new ModelException(
          "%s: expected the file %s of a run but it is missing; the run did not get so far, or this is no run's folder"
              .formatted(path, name));
    }
  }

  private static String reason(IOException failure) {
    return failure instanceof FileAlreadyExistsException exists
        ? exists.getFile() + " is a file"
        : AtomicFile.reason(failure);
  }
}
