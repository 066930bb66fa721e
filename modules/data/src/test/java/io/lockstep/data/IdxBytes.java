package io.lockstep.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Makes small files in MNIST's format. */
final class IdxBytes {

  private IdxBytes() {}

  /** Images of 28 by 28; pixel p of image i is (i + p) mod 256. */
  static byte[] images(int count) {
    return images(count, 28, 28);
  }

  static byte[] images(int count, int height, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + count * height * width);
    bytes.putInt(0x803).putInt(count).putInt(height).putInt(width);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < height * width; p++) {
        bytes.put((byte) (i + p));
      }
    }
    return bytes.array();
  }

  static byte[] labels(int... labels) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      bytes.put((byte) label);
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String sha256(byte[] content) {
    var digest = Digests.sha256();
    digest.update(content);
    return Digests.hex(digest);
  }

  static Path write(Path path, byte[] content) {
    try {
      Files.createDirectories(path.getParent());
      return Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Contents of the four files of a tiny MNIST: three images to learn from, two to test with. */
  static List<byte[]> mnist() {
    return List.of(images(3), labels(7, 0, 9), images(2), labels(1, 2));
  }

  /** Their names, with the sums of {@link #mnist}. */
  static List<RemoteFile> remoteFiles() {
    List<String> names =
        List.of(
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte");
    List<byte[]> contents = mnist();
    return java.util.stream.IntStream.range(0, 4)
        .mapToObj(i -> new RemoteFile(names.get(i), sha256(contents.get(i)), 1 << 20))
        .toList();
  }

  /** Writes the tiny MNIST, gzipped or not. */
  static void writeMnist(Path folder, boolean gzipped) {
    for (int i = 0; i < 4; i++) {
      RemoteFile file = remoteFiles().get(i);
      byte[] content = mnist().get(i);
      write(
          folder.resolve(gzipped ? file.gzName() : file.name()), gzipped ? gzip(content) : content);
    }
  }
}
