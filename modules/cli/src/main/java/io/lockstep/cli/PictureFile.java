package io.lockstep.cli;

import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Png;
import io.lockstep.report.drawing.Svg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file for a picture, PNG or SVG by its name.
 *
 * @param path its name ends with {@code .png} or {@code .svg}
 */
record PictureFile(Path path) {

  /**
   * @throws BadInputException if the name ends otherwise
   */
  PictureFile {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".png") && !name.endsWith(".svg")) {
      throw new BadInputException(
          "--out: expected a file name that ends with .png or .svg but found %s".formatted(path));
    }
  }

  /**
   * Writes it, over what is there, into a folder that is made if need be.
   *
   * @throws BadInputException if that fails
   */
  void write(Drawing drawing) {
    try {
      if (path.getParent() != null) {
        Files.createDirectories(path.getParent());
      }
      Files.write(path, content(drawing));
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: the picture cannot be written: %s".formatted(path, reason(failure)), failure);
    }
  }

  private byte[] content(Drawing drawing) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".svg")
        ? Svg.text(drawing).getBytes(StandardCharsets.UTF_8)
        : Png.bytes(drawing);
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case FileAlreadyExistsException exists -> exists.getFile() + " is a file";
      case NoSuchFileException gone -> "there is no " + gone.getFile();
      default -> failure.getMessage();
    };
  }
}
