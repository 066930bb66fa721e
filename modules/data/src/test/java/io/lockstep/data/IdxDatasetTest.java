package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxDatasetTest {

  private static final ImageShape SHAPE = new ImageShape(2, 3);

  @TempDir Path folder;
  private Path images;
  private Path labels;

  @BeforeEach
  void writeGoodFiles() {
    images = IdxBytes.write(folder.resolve("images"), IdxBytes.images(4, 3, 2));
    labels = IdxBytes.write(folder.resolve("labels"), IdxBytes.labels(3, 0, 9, 1));
  }

  private Dataset read() {
    return IdxDataset.read("d", images, labels, SHAPE, 10);
  }

  private AbstractThrowableAssert<?, ?> refused() {
    return assertThatThrownBy(this::read).isInstanceOf(DataException.class);
  }

  private void images(byte[] content) {
    IdxBytes.write(images, content);
  }

  private void labels(byte[] content) {
    IdxBytes.write(labels, content);
  }

  @Test
  void readsImagesAndLabels() {
    Dataset data = read();
    assertThat(data.rows()).isEqualTo(4);
    assertThat(data.width()).isEqualTo(6);
    assertThat(data.image()).isEqualTo(SHAPE);
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.feature(3, 5)).isEqualTo(8);
    assertThat(data.label(2)).isEqualTo(9);
  }

  @Test
  void tellsGzipByItsBytesNotItsName() {
    Dataset plain = read();
    images(IdxBytes.gzip(IdxBytes.images(4, 3, 2)));
    labels(IdxBytes.gzip(IdxBytes.labels(3, 0, 9, 1)));
    assertThat(read().sha256()).isEqualTo(plain.sha256());
    images = IdxBytes.write(folder.resolve("images.gz"), IdxBytes.images(4, 3, 2));
    assertThat(read().sha256()).isEqualTo(plain.sha256());
  }

  @Test
  void readsImagesToPredict() {
    Dataset data = IdxDataset.readUnlabelled("d", images, SHAPE);
    assertThat(data.rows()).isEqualTo(4);
    assertThat(data.classes()).isZero();
    assertThat(data.image()).isEqualTo(SHAPE);
  }

  @Test
  void namesAFileThatIsNotThere() {
    images = folder.resolve("nowhere");
    refused().hasMessage(images + ": there is no such file");
  }

  @Test
  void refusesAFolder() {
    images = folder;
    refused()
        .hasMessageStartingWith(folder + ": cannot be read (java.io.IOException: Is a directory");
  }

  /** Every file that ends too early is refused, wherever the cut is. */
  @Test
  void refusesAFileCutAtAnyByte() {
    byte[] whole = IdxBytes.images(4, 3, 2);
    for (int length = 0; length < whole.length; length++) {
      images(Arrays.copyOf(whole, length));
      refused().hasMessageStartingWith(images + ": truncated, ");
    }
    refused()
        .hasMessage(
            images + ": truncated, expected 24 bytes after the header (4x3x2), but found 23");
  }

  @Test
  void refusesAGzippedFileCutAtAnyByte() {
    byte[] whole = IdxBytes.gzip(IdxBytes.images(4, 3, 2));
    for (int length = 2; length < whole.length; length++) {
      images(Arrays.copyOf(whole, length));
      refused()
          .hasMessage(
              images + ": truncated, the file ends within its header or its compressed data");
    }
  }

  @Test
  void refusesAWrongMagicNumber() {
    images(IdxBytes.labels(1, 2, 3));
    refused()
        .hasMessage(
            images
                + ": expected the magic number 0x00000803 (unsigned bytes in 3 dimensions), but found 0x00000801");
    images("<html>not found</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    refused().hasMessageEndingWith("but found 0x3c68746d");
    writeGoodFiles();
    labels(IdxBytes.images(4, 3, 2));
    refused()
        .hasMessage(
            labels
                + ": expected the magic number 0x00000801 (unsigned bytes in 1 dimension), but found 0x00000803");
  }

  @Test
  void refusesImagesOfAnotherShape() {
    images(IdxBytes.images(4, 2, 3));
    refused().hasMessage(images + ": expected images of 2x3 pixels, but found 3x2");
  }

  @Test
  void refusesTrailingBytes() {
    byte[] whole = IdxBytes.images(4, 3, 2);
    images(Arrays.copyOf(whole, whole.length + 1));
    refused()
        .hasMessage(images + ": expected 24 bytes after the header (4x3x2), but there are more");
    images(IdxBytes.gzip(Arrays.copyOf(whole, whole.length + 1)));
    refused()
        .hasMessage(images + ": expected 24 bytes after the header (4x3x2), but there are more");
  }

  @Test
  void refusesCorruptGzip() {
    byte[] gz = IdxBytes.gzip(IdxBytes.images(4, 3, 2));
    gz[gz.length - 6] ^= 1; // in the CRC
    images(gz);
    refused().hasMessage(images + ": corrupt gzip data (Corrupt GZIP trailer); get the file again");
    gz = IdxBytes.gzip(IdxBytes.images(4, 3, 2));
    Arrays.fill(gz, 10, 16, (byte) 0xFF);
    images(gz);
    refused().hasMessageStartingWith(images + ": corrupt gzip data (");
  }

  @Test
  void refusesLabelsThatDoNotMatchTheImages() {
    labels(IdxBytes.labels(1, 2, 3));
    refused()
        .hasMessage(
            labels + ": expected 4 labels, one for each image in " + images + ", but found 3");
  }

  @Test
  void namesFileAndRowOfALabelOutOfRange() {
    labels(IdxBytes.labels(1, 2, 10, 255));
    refused().hasMessage(labels + ": the label of row 2 (counted from 0) is 10, expected 0 to 9");
    labels(IdxBytes.labels(1, 2, 3, 255));
    refused().hasMessage(labels + ": the label of row 3 (counted from 0) is 255, expected 0 to 9");
  }

  /**
   * A header that claims nearly 2 GiB is found out without allocating them: test JVMs would
   * otherwise notice.
   */
  @Test
  void allocatesNothingOnTheWordOfAHeader() {
    byte[] forged =
        ByteBuffer.allocate(20).putInt(0x803).putInt(0x7FFFFFF0).putInt(1).putInt(1).array();
    images(forged);
    long before = allocatedBytes();
    refused()
        .hasMessage(
            images
                + ": truncated, expected 2147483632 bytes after the header (2147483632x1x1), but found 4");
    images(IdxBytes.gzip(forged));
    refused().hasMessageContaining("truncated, expected 2147483632 bytes");
    images(withTrailer(IdxBytes.gzip(forged), Integer.MIN_VALUE)); // 2³¹ bytes, as the header says.
    refused().hasMessageContaining("corrupt gzip data");
    assertThat(allocatedBytes() - before).isLessThan(32L << 20);
  }

  /** Says at its end what its content has for a length. */
  private static byte[] withTrailer(byte[] gzipped, int length) {
    byte[] forged = gzipped.clone();
    ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putInt(forged.length - 4, length);
    return forged;
  }

  @Test
  void readsAFileThatWasGzippedInTwoParts() throws IOException {
    byte[] whole = IdxBytes.images(4, 3, 2);
    images(whole);
    String sha256 = read().sha256();

    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    parts.write(IdxBytes.gzip(Arrays.copyOf(whole, 25)));
    parts.write(IdxBytes.gzip(Arrays.copyOfRange(whole, 25, whole.length)));
    images(parts.toByteArray());
    assertThat(read().sha256()).isEqualTo(sha256);
  }

  @Test
  void refusesSizesThatCannotBe() {
    for (int[] sizes :
        new int[][] {{0, 3, 2}, {-1, 3, 2}, {65536, 65536, 1}, {1 << 30, 1 << 30, 1 << 30}}) {
      images(
          ByteBuffer.allocate(16)
              .putInt(0x803)
              .putInt(sizes[0])
              .putInt(sizes[1])
              .putInt(sizes[2])
              .array());
      refused().hasMessageStartingWith(images + ": a dimension in the header has size ");
    }
    images(ByteBuffer.allocate(16).putInt(0x803).putInt(0).putInt(3).putInt(2).array());
    refused()
        .hasMessage(
            images
                + ": a dimension in the header has size 0, expected at least 1 and less than 2 GiB in all");
  }

  private static long allocatedBytes() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
