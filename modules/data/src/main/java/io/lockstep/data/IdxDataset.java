package io.lockstep.data;

import java.nio.file.Path;

/** Reads IDX files of images, with labels or without, as a dataset. Files may be gzipped. */
public final class IdxDataset {

  private IdxDataset() {}

  /**
   * Reads images of unsigned bytes, and their labels.
   *
   * @param expected the images' shape, or null for any
   * @param classes labels are in [0, classes)
   * @throws DataException if a file is absent, damaged, or does not fit the other or what is
   *     expected
   */
  public static Dataset read(
      String name, Path images, Path labels, ImageShape expected, int classes) {
    IdxFile pixels = images(images, expected);
    IdxFile answers = IdxFile.readLabels(labels);
    if (answers.count() != pixels.count()) {
      throw new DataException(
          "%s: expected %d labels, one for each image in %s, but found %d"
              .formatted(labels, pixels.count(), images, answers.count()));
    }
    int[] values = labels(labels, answers.values(), classes);
    ImageShape shape = pixels.image();
    return Dataset.ofBytes(name, pixels.count(), shape.size(), pixels.values(), values, classes)
        .withImage(shape);
  }

  /**
   * Reads images of unsigned bytes alone, to predict.
   *
   * @param expected the images' shape, or null for any
   * @throws DataException if the file is absent, damaged, or not what is expected
   */
  public static Dataset readUnlabelled(String name, Path images, ImageShape expected) {
    IdxFile pixels = images(images, expected);
    ImageShape shape = pixels.image();
    return Dataset.unlabelled(name, pixels.count(), shape.size(), pixels.values()).withImage(shape);
  }

  private static IdxFile images(Path path, ImageShape expected) {
    IdxFile pixels = IdxFile.readImages(path);
    if (expected != null && !pixels.image().equals(expected)) {
      throw new DataException(
          "%s: expected images of %s pixels, but found %s"
              .formatted(path, expected, pixels.image()));
    }
    return pixels;
  }

  private static int[] labels(Path path, byte[] bytes, int classes) {
    int[] labels = new int[bytes.length];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = bytes[row] & 0xFF;
    }
    DataChecks.labels(path.toString(), labels, classes);
    return labels;
  }
}
