package io.lockstep.model;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there either as a whole or not at all, even after a power failure. */
public final class AtomicFile {

  private static final int BUFFER_CHARS = 1 << 16;

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Writes the text of a file, which may be larger than memory. */
  @FunctionalInterface
  public interface Text {

    /** Writes all of it. */
    void writeTo(Appendable out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes beside the file, forces it to the disk, and renames it over the old one.
   *
   * @throws ModelException if that fails; the old file, if any, is then as it was
   */
  static void write(Path file, Content content) {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(file.toAbsolutePath().getParent());
    } catch (IOException failure) {
      deleteQuietly(temporary, failure);
      throw new ModelException(file + ": cannot be written: " + reason(failure), failure);
    } catch (RuntimeException | Error failure) { // As where memory does not suffice.
      deleteQuietly(temporary, failure);
      throw failure;
    }
  }

  /**
   * Writes a text as a whole or not at all.
   *
   * @throws ModelException if that fails; the old file, if any, is then as it was
   */
  public static void write(Path file, String text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    write(file, channel -> writeAll(channel, bytes));
  }

  /**
   * Writes a text, piece by piece, as a whole or not at all.
   *
   * @throws ModelException if that fails; the old file, if any, is then as it was
   */
  static void writeText(Path file, Text text) {
    write(
        file,
        channel -> {
          Writer writer =
              new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), BUFFER_CHARS);
          text.writeTo(writer);
          writer.flush(); // Closing it would close the channel.
        });
  }

  /** Writes all that remains: a single call may write less. */
  static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What an input/output failure is about, without the path that its message begins with. */
  public static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException missing) {
      return "no such file or folder: " + missing.getFile();
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  /**
   * Forces the names in a folder to the disk. Some systems cannot, and then a rename may come
   * later; the files are whole.
   */
  public static void forceFolder(Path path) {
    try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException notSupported) {
      return;
    }
  }

  private static void deleteQuietly(Path temporary, Throwable failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }
}
