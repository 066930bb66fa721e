package io.lockstep.it.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The repository's folder {@code deploy/}, seen from this module. */
final class DeployFolder {

  private static final Path FOLDER = Path.of("..", "deploy").toAbsolutePath().normalize();

  private DeployFolder() {}

  static Path path(String relative) {
    return FOLDER.resolve(relative);
  }

  static String text(String relative) {
    try {
      return Files.readString(path(relative));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
