package io.lockstep.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A jar with classes of the user's, in memory: it is small, and what was verified is what runs.
 * Immutable.
 */
public final class Jar {

  /** The most bytes of all jars of a run together. */
  public static final int MOST_BYTES = 64 << 20;

  /** The most jars of a run. */
  public static final int MOST_JARS = 64;

  /** The most bytes that the jars of a run unpack to. */
  private static final long MOST_UNPACKED = 256L << 20;

  private final String name;
  private final byte[] content;
  private final String sha256;

  private Jar(String name, byte[] content) {
    this.name = name;
    this.content = content;
    this.sha256 = sha256(content);
  }

  /**
   * A jar whose bytes are there.
   *
   * @param content not to be changed afterwards
   */
  public static Jar of(String name, byte[] content) {
    return new Jar(name, content);
  }

  /**
   * Reads jars; they come back in the order of their names, so that the order in which they are
   * named does not matter.
   *
   * @throws ModelException if one is not there or no jar, two have the same name, or they are too
   *     many or too large
   */
  public static List<Jar> read(List<Path> files) {
    if (files.size() > MOST_JARS) {
      throw new ModelException(
          "expected at most %d jars but found %d".formatted(MOST_JARS, files.size()));
    }
    List<Jar> jars = new ArrayList<>();
    long room = MOST_BYTES;
    for (Path file : files) {
      Jar jar = read(file, room);
      if (jars.stream().anyMatch(other -> other.name.equals(jar.name))) {
        throw new ModelException(
            file + ": expected jars of different names but found another " + jar.name);
      }
      jars.add(jar);
      room -= jar.bytes();
    }
    jars.sort(Comparator.comparing(Jar::name));
    return List.copyOf(jars);
  }

  private static Jar read(Path file, long room) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException("%s: expected a jar but found no file".formatted(file));
    }
    try {
      if (Files.size(file) > room) {
        throw new ModelException(
            "%s: expected jars of at most %d bytes together but found %d more"
                .formatted(file, MOST_BYTES, Files.size(file) - room));
      }
      Jar jar = new Jar(file.getFileName().toString(), Files.readAllBytes(file));
      if (entries(List.of(jar)).isEmpty()) {
        throw new ModelException(file + ": expected a jar but found no entry of one");
      }
      return jar;
    } catch (IOException failure) {
      throw new ModelException(
          "%s: cannot be read: %s".formatted(file, AtomicFile.reason(failure)), failure);
    }
  }

  /**
   * The files in jars by their paths; of those of equal path, that of the first jar.
   *
   * @throws ModelException if a jar is damaged, or they unpack to more than 256 MB
   */
  public static Map<String, byte[]> entries(List<Jar> jars) {
    Map<String, byte[]> entries = new HashMap<>();
    long room = MOST_UNPACKED;
    for (Jar jar : jars) {
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar.content))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          byte[] file = zip.readNBytes((int) room + 1);
          room -= file.length;
          if (room < 0) {
            throw new ModelException(
                "%s: expected jars that unpack to at most %d bytes but found more"
                    .formatted(jar.name, MOST_UNPACKED));
          }
          if (!entry.isDirectory()) {
            entries.putIfAbsent(entry.getName(), file);
          }
        }
      } catch (IOException damaged) {
        throw new ModelException(
            "%s: expected a jar but found a damaged one: %s"
                .formatted(jar.name, damaged.getMessage()),
            damaged);
      }
    }
    return entries;
  }

  /** Name of the file. */
  public String name() {
    return name;
  }

  /** Size of the file. */
  public int bytes() {
    return content.length;
  }

  /** In hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** Bytes [from, to) of the file, read-only. */
  public ByteBuffer content(int from, int to) {
    return ByteBuffer.wrap(content, from, to - from).slice().asReadOnlyBuffer();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** By name and content. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Jar that && name.equals(that.name) && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public String toString() {
    return name + " (sha256 " + sha256 + ")";
  }
}
