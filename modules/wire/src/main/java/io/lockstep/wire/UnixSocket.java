package io.lockstep.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of a Unix socket: a fresh folder that only its owner may enter. */
final class UnixSocket implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnixSocket.class);

  /** The kernel takes 108 bytes with the final zero; macOS takes 104. */
  private static final int MOST_PATH_BYTES = 100;

  private final Path folder;

  private UnixSocket(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder, in the folder for temporary files or, if that has a long name, in /tmp. */
  static UnixSocket create() {
    try {
      Path parent = Path.of(System.getProperty("java.io.tmpdir"));
      if (bytes(parent) > MOST_PATH_BYTES - 40) {
        parent = Path.of("/tmp");
      }
      var ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      return new UnixSocket(Files.createTempDirectory(parent, "lockstep-", ownerOnly));
    } catch (IOException e) {
      throw new UncheckedIOException("data plane: cannot make a folder for the Unix socket", e);
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  Path path() {
    return folder.resolve("data");
  }

  /** Deletes socket and folder. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warn("data plane: cannot delete {}: {}", folder, e.toString());
    }
  }
}
