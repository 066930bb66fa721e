package io.lockstep.it;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A few made-up pictures in the format of MNIST: data that each node reads from its own folder. */
final class SmallMnist {

  private static final int TRAIN = 400;
  private static final int TEST = 100;
  private static final int SIDE = 28;
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;

  private SmallMnist() {}

  /** Writes the four files into a new folder; another seed makes other pictures. */
  static Path write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(seed);
    images(folder.resolve("train-images-idx3-ubyte"), TRAIN, random);
    labels(folder.resolve("train-labels-idx1-ubyte"), TRAIN, random);
    images(folder.resolve("t10k-images-idx3-ubyte"), TEST, random);
    labels(folder.resolve("t10k-labels-idx1-ubyte"), TEST, random);
    return folder;
  }

  private static void images(Path file, int count, Random random) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeInt(IMAGES);
      out.writeInt(count);
      out.writeInt(SIDE);
      out.writeInt(SIDE);
      byte[] pixels = new byte[count * SIDE * SIDE];
      random.nextBytes(pixels);
      out.write(pixels);
    }
  }

  private static void labels(Path file, int count, Random random) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeInt(LABELS);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeByte(random.nextInt(10));
      }
    }
  }
}
