package io.lockstep.cluster.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file that a cluster's key is kept in: a line of comment and the key, readable and writable by
 * its owner only.
 */
public final class KeyFile {

  private static final String HEADING =
      "# Lockstep cluster key. Whoever reads this file may join the cluster: keep it secret.\n";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** Far more than a key; not more than fits anywhere, should the file be something else. */
  private static final long MOST_BYTES = 64 << 10;

  private KeyFile() {}

  /**
   * Writes a new file.
   *
   * @throws KeyException if there is one already, or it cannot be written
   */
  public static void write(Path file, ClusterKey key) {
    ByteBuffer content = StandardCharsets.US_ASCII.encode(HEADING + key.toText() + "\n");
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, attributes(file))) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException exists) {
      throw new KeyException(
          file
              + ": there is a file already, and a key is never overwritten; name another, or delete it",
          exists);
    } catch (NoSuchFileException missing) {
      throw new KeyException(file + ": its folder does not exist; make it first", missing);
    } catch (IOException failure) {
      throw new KeyException("%s: cannot be written: %s".formatted(file, failure), failure);
    }
  }

  /** The permissions are the file's from its first moment; other systems have none. */
  private static FileAttribute<?>[] attributes(Path file) {
    return posix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Reads a file.
   *
   * @throws KeyException if it is missing, others may read it, or it holds no key
   */
  public static ClusterKey read(Path file) {
    try {
      requireSecret(file);
      if (Files.size(file) > MOST_BYTES) {
        throw new KeyException(file + ": expected a cluster key but found a larger file");
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return ClusterKey.fromText(
          text.lines().filter(line -> !line.startsWith("#")).findFirst().orElse(""));
    } catch (NoSuchFileException missing) {
      throw new KeyException(
          "%s: no such file; make a key with: lockstep key %s".formatted(file, file), missing);
    } catch (IOException failure) {
      throw new KeyException("%s: cannot be read: %s".formatted(file, failure), failure);
    } catch (KeyException refused) {
      String message = refused.getMessage();
      throw message.startsWith(file.toString())
          ? refused
          : new KeyException(file + ": " + message, refused);
    }
  }

  private static void requireSecret(Path file) throws IOException {
    if (!posix(file)) {
      return;
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    boolean others =
        found.contains(PosixFilePermission.OTHERS_READ)
            || found.contains(PosixFilePermission.OTHERS_WRITE);
    boolean group =
        found.contains(PosixFilePermission.GROUP_READ)
            || found.contains(PosixFilePermission.GROUP_WRITE);
    if (others || (group && own(file))) {
      throw new KeyException(
          "%s: expected a key that only its owner can read, but found %s; chmod 600 %s, and make a new key if others may have read it"
              .formatted(file, PosixFilePermissions.toString(found), file));
    }
  }

  /** A scheduler's secret belongs to root, and the group is how its process may read it. */
  private static boolean own(Path file) throws IOException {
    return Files.getOwner(file).getName().equals(System.getProperty("user.name"));
  }
}
