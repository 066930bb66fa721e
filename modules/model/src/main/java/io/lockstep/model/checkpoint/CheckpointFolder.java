package io.lockstep.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.AtomicFile;
import io.lockstep.model.Json;
import io.lockstep.model.ModelException;
import io.lockstep.model.Weights;
import io.lockstep.nn.ParameterLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The checkpoints of a run, each a folder of its own that is there as a whole or not at all: it is
 * written under another name, forced to the disk, and renamed.
 *
 * <pre>
 *   step-0000000120/
 *     manifest.json          a {@link Manifest}
 *     manifest.crc32c        checksum of manifest.json
 *     weights.safetensors    θ, canonical
 *     optimizer.safetensors  the optimizer's state: state1.dense1.W, …
 * </pre>
 *
 * <p>Stateless. Only one process writes at a time, by one thread.
 *
 * @param path the folder of all checkpoints of the run; it need not be there yet
 */
public record CheckpointFolder(Path path) {

  private static final String MANIFEST = "manifest.json";
  private static final String MANIFEST_CHECKSUM = "manifest.crc32c";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final Map<String, String> METADATA = Map.of("format", "lockstep");

  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{8}\n");
  private static final Pattern NAME = Pattern.compile("step-(\\d{10,19})");

  /** What is being written, or deleted, begins with a dot and ends like this. */
  private static final String UNFINISHED = ".tmp";

  private static final int CHUNK_BYTES = 1 << 18;

  /**
   * A checkpoint that was found to be undamaged.
   *
   * @param folder it lies in
   * @param manifest all of it but its arrays
   */
  public record Stored(Path folder, Manifest manifest) {

    /** Updates applied. */
    public long version() {
      return manifest.version();
    }

    /** What was reported so far. */
    public Progress progress() {
      return manifest.progress();
    }

    /**
     * Reads packed θ alone.
     *
     * @throws ModelException if it cannot be read, or is of another network
     */
    public float[] weights(ParameterLayout layout) {
      return Weights.read(folder.resolve(WEIGHTS), layout);
    }

    /**
     * Reads the arrays.
     *
     * @param stateArrays of the optimizer
     * @throws ModelException if they cannot be read, or are of another network or optimizer
     */
    public Checkpoint read(ParameterLayout layout, int stateArrays) {
      float[] weights = weights(layout);
      List<float[]> states =
          Weights.readAll(folder.resolve(OPTIMIZER), layout, statePrefixes(stateArrays));
      return new Checkpoint(
          manifest.version(),
          manifest.epoch(),
          manifest.stepInEpoch(),
          manifest.seed(),
          manifest.basis(),
          manifest.progress(),
          weights,
          states);
    }
  }

  /**
   * What was found.
   *
   * @param newest the newest undamaged checkpoint; empty if there is none
   * @param damage what is wrong with those that are newer, the newest first
   */
  public record Found(Optional<Stored> newest, List<String> damage) {}

  /**
   * Writes a checkpoint; an older one of the same version is replaced.
   *
   * @return its folder
   * @throws ModelException if that fails, for instance on a full disk; all other checkpoints are
   *     then as they were
   */
  public Path write(ParameterLayout layout, Checkpoint checkpoint) {
    Path folder = folderOf(checkpoint.version());
    Path unfinished = unfinished(folder, "new");
    try {
      delete(unfinished);
      Files.createDirectories(unfinished);
      writeFiles(unfinished, layout, checkpoint);
      AtomicFile.forceFolder(unfinished);
      replace(folder, unfinished);
      return folder;
    } catch (IOException | ModelException failure) {
      deleteQuietly(unfinished, failure);
      throw new ModelException(
          "%s: the checkpoint cannot be written: %s".formatted(folder, reason(failure)), failure);
    }
  }

  private static void writeFiles(Path into, ParameterLayout layout, Checkpoint checkpoint)
      throws IOException {
    Weights.write(into.resolve(WEIGHTS), layout, checkpoint.weights(), METADATA);
    Map<String, float[]> states = new LinkedHashMap<>();
    List<String> prefixes = statePrefixes(checkpoint.optimizer().size());
    for (int i = 0; i < prefixes.size(); i++) {
      states.put(prefixes.get(i), checkpoint.optimizer().get(i));
    }
    Weights.writeAll(into.resolve(OPTIMIZER), layout, states, METADATA);
    List<Manifest.Entry> entries = new ArrayList<>();
    for (String name : List.of(WEIGHTS, OPTIMIZER)) {
      Path file = into.resolve(name);
      entries.add(new Manifest.Entry(name, Files.size(file), crc32c(file)));
    }
    Path manifest = into.resolve(MANIFEST);
    AtomicFile.write(manifest, Json.indented(Manifest.of(checkpoint, entries)) + "\n");
    AtomicFile.write(into.resolve(MANIFEST_CHECKSUM), crc32c(manifest) + "\n");
  }

  private static List<String> statePrefixes(int arrays) {
    return IntStream.rangeClosed(1, arrays).mapToObj("state%d."::formatted).toList();
  }

  /** A folder that holds files cannot be replaced by renaming alone. */
  private void replace(Path folder, Path whole) throws IOException {
    Path old = unfinished(folder, "old");
    delete(old);
    if (Files.exists(folder)) {
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(whole, folder, StandardCopyOption.ATOMIC_MOVE);
    AtomicFile.forceFolder(path);
    delete(old);
  }

  private static Path unfinished(Path folder, String what) {
    return folder.resolveSibling("." + folder.getFileName() + "." + what + UNFINISHED);
  }

  private static String reason(Exception failure) {
    Throwable cause = failure instanceof ModelException ? failure.getCause() : failure;
    return cause instanceof IOException io ? AtomicFile.reason(io) : failure.getMessage();
  }

  /**
   * Finds the newest checkpoint whose every byte is as it was written.
   *
   * @param withBest whether the best so far that it names has to be there, too
   * @throws ModelException if the folder cannot be read
   */
  public Found newest(boolean withBest) {
    List<String> damage = new ArrayList<>();
    for (long version : versions().reversed()) {
      Path folder = folderOf(version);
      try {
        Stored stored = verify(folder, version);
        if (withBest) {
          best(stored.manifest());
        }
        return new Found(Optional.of(stored), List.copyOf(damage));
      } catch (ModelException damaged) {
        damage.add(damaged.getMessage());
      }
    }
    return new Found(Optional.empty(), List.copyOf(damage));
  }

  /**
   * The best checkpoint that another one names.
   *
   * @throws ModelException if it is missing or damaged
   */
  public Optional<Stored> best(Manifest manifest) {
    return Optional.ofNullable(manifest.progress().best())
        .map(best -> verify(folderOf(best.version()), best.version()));
  }

  private Path folderOf(long version) {
    return path.resolve("step-%010d".formatted(version));
  }

  private static Stored verify(Path folder, long version) {
    Manifest manifest = manifest(folder);
    if (manifest.version() != version) {
      throw damaged(folder.resolve(MANIFEST), "version " + version, manifest.version());
    }
    for (Manifest.Entry entry : manifest.files()) {
      Path file = folder.resolve(entry.name());
      verify(file, "%d bytes".formatted(entry.bytes()), () -> Files.size(file) + " bytes");
      verify(file, "checksum " + entry.crc32c(), () -> "checksum " + crc32c(file));
    }
    return new Stored(folder, manifest);
  }

  private static Manifest manifest(Path folder) {
    Path file = folder.resolve(MANIFEST);
    Path checksum = folder.resolve(MANIFEST_CHECKSUM);
    try {
      String expected = Files.readString(checksum, StandardCharsets.ISO_8859_1);
      if (!CHECKSUM.matcher(expected).matches()) {
        throw new ModelException(
            checksum + ": damaged: expected eight hexadecimal digits but found others");
      }
      verify(file, "checksum " + expected.strip(), () -> "checksum " + crc32c(file));
      Manifest manifest = Json.read(Files.readString(file), Manifest.class);
      if (manifest.format() != Manifest.FORMAT) {
        throw damaged(file, "format " + Manifest.FORMAT, manifest.format());
      }
      return manifest;
    } catch (JsonProcessingException malformed) {
      throw new ModelException(file + ": " + malformed.getOriginalMessage(), malformed);
    } catch (IOException failure) {
      throw new ModelException(folder + ": " + AtomicFile.reason(failure), failure);
    }
  }

  /** Looks at a file. */
  private interface Look {
    String find() throws IOException;
  }

  private static void verify(Path file, String expected, Look look) {
    try {
      String found = look.find();
      if (!expected.equals(found)) {
        throw damaged(file, expected, found);
      }
    } catch (IOException failure) {
      throw new ModelException(file + ": " + AtomicFile.reason(failure), failure);
    }
  }

  private static ModelException damaged(Path file, Object expected, Object found) {
    return new ModelException(
        "%s: damaged: expected %s but found %s".formatted(file, expected, found));
  }

  private static String crc32c(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(chunk) >= 0) {
        crc.update(chunk.flip());
        chunk.clear();
      }
    }
    return "%08x".formatted(crc.getValue());
  }

  /**
   * Deletes what is not needed any more: all but the newest {@code last} up to {@code version} and
   * {@code kept}, and what a process left unfinished that was killed while it wrote.
   *
   * @param version the newest that is known to be whole; newer ones are of no concern, since they
   *     may be damaged
   * @throws ModelException if that fails
   */
  public void prune(long version, int last, Set<Long> kept) {
    List<Long> old = versions().reversed().stream().filter(v -> v <= version).skip(last).toList();
    try {
      for (long v : old) {
        if (!kept.contains(v)) {
          Path deleted = unfinished(folderOf(v), "old");
          delete(deleted);
          Files.move(folderOf(v), deleted, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      for (Path leftover : list(name -> name.startsWith(".") && name.endsWith(UNFINISHED))) {
        delete(leftover);
      }
    } catch (IOException failure) {
      throw new ModelException(
          "%s: old checkpoints cannot be deleted: %s".formatted(path, AtomicFile.reason(failure)),
          failure);
    }
  }

  /** Versions of the checkpoints that are there, damaged or not, the oldest first. */
  public List<Long> versions() {
    return list(name -> NAME.matcher(name).matches()).stream()
        .map(folder -> NAME.matcher(folder.getFileName().toString()))
        .filter(Matcher::matches)
        .map(name -> Long.parseLong(name.group(1)))
        .sorted()
        .toList();
  }

  private List<Path> list(Predicate<String> names) {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> names.test(file.getFileName().toString())).toList();
    } catch (IOException failure) {
      throw new ModelException(
          "%s: cannot be read: %s".formatted(path, AtomicFile.reason(failure)), failure);
    }
  }

  private static void deleteQuietly(Path folder, Exception failure) {
    try {
      delete(folder);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }
}
