package io.lockstep.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of unsigned bytes in the IDX format of LeCun, Cortes and Burges, gzipped or not (told by
 * its first bytes, not by its name). All numbers are big-endian:
 *
 * <pre>
 *   0        2        3           4                 4 + 4 d
 *   +--------+--------+-----------+- - - - - - - - -+- - - - - - - - - -+
 *   |  0  0  |  0x08  | d = dims  | d sizes, int32  | product of sizes  |
 *   +--------+--------+-----------+- - - - - - - - -+- - - - - - - - - -+
 * </pre>
 *
 * What the header claims is never allocated before the file has delivered it, or its end has
 * confirmed it.
 *
 * @param path where it was read from
 * @param sizes of the dimensions, slowest first
 * @param values the content, [sizes[0]][sizes[1]]...
 */
record IdxFile(Path path, int[] sizes, byte[] values) {

  private static final int UNSIGNED_BYTES = 0x0800;
  private static final int GZIP_MAGIC = 0x1F8B;

  /** No byte of deflate stands for more: 258 bytes in two bits. */
  private static final long DEFLATE_MOST = 1032;

  /** Reads the labels of images: one dimension. */
  static IdxFile readLabels(Path path) {
    return read(path, 1);
  }

  /** Reads images: count, height, width. */
  static IdxFile readImages(Path path) {
    return read(path, 3);
  }

  /** Number of images or labels. */
  int count() {
    return sizes[0];
  }

  /** The shape of the images. */
  ImageShape image() {
    return new ImageShape(sizes[2], sizes[1]);
  }

  private static IdxFile read(Path path, int dimensions) {
    try (DataInputStream in = new DataInputStream(open(path))) {
      return read(path, in, dimensions);
    } catch (NoSuchFileException e) {
      throw new DataException(path + ": there is no such file", e);
    } catch (EOFException e) {
      throw new DataException(
          path + ": truncated, the file ends within its header or its compressed data", e);
    } catch (ZipException e) {
      throw new DataException(
          path + ": corrupt gzip data (" + e.getMessage() + "); get the file again", e);
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read (" + e + ")", e);
    }
  }

  private static IdxFile read(Path path, DataInputStream in, int dimensions) throws IOException {
    checkMagic(path, in.readInt(), dimensions);
    int[] sizes = new int[dimensions];
    long length = 1;
    for (int d = 0; d < dimensions; d++) {
      sizes[d] = in.readInt();
      length = product(path, length, sizes[d]);
    }
    byte[] values = values(path, in, (int) length, Integer.BYTES * (1L + dimensions) + length);
    if (values.length < length) {
      throw new DataException(
          "%s: truncated, expected %d bytes after the header (%s), but found %d"
              .formatted(path, length, shape(sizes), values.length));
    }
    if (in.read() >= 0) {
      throw new DataException(
          "%s: expected %d bytes after the header (%s), but there are more"
              .formatted(path, length, shape(sizes)));
    }
    return new IdxFile(path, sizes, values);
  }

  /**
   * Reads up to {@code length} bytes: into one array where the file's end says that they are there,
   * else piece by piece.
   *
   * @param whole length of the file that the header claims
   */
  private static byte[] values(Path path, InputStream in, int length, long whole)
      throws IOException {
    if (!Files.isRegularFile(path) || contentLength(path) != whole) {
      return in.readNBytes(length);
    }
    byte[] values = new byte[length];
    int read = in.readNBytes(values, 0, length);
    return read == length ? values : Arrays.copyOf(values, read);
  }

  /** Length of the file, or what the trailer of a gzipped one says of its content (RFC 1952). */
  private static long contentLength(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
      channel.read(number, 0);
      if (number.position() < Integer.BYTES || number.getShort(0) != (short) GZIP_MAGIC) {
        return channel.size();
      }
      channel.read(number.clear(), channel.size() - Integer.BYTES);
      long said = Integer.toUnsignedLong(number.order(ByteOrder.LITTLE_ENDIAN).getInt(0));
      return Math.min(said, DEFLATE_MOST * channel.size());
    }
  }

  /** Opens a file, and unzips it if it is gzipped. */
  static InputStream open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      in.mark(2);
      int magic = in.read() << 8 | in.read();
      in.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static void checkMagic(Path path, int found, int dimensions) {
    int expected = UNSIGNED_BYTES | dimensions;
    if (found != expected) {
      throw new DataException(
          "%s: expected the magic number 0x%08x (unsigned bytes in %d dimension%s), but found 0x%08x"
              .formatted(path, expected, dimensions, dimensions == 1 ? "" : "s", found));
    }
  }

  private static long product(Path path, long length, int size) {
    if (size < 1 || length * size > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: a dimension in the header has size %d, expected at least 1 and less than 2 GiB in all"
              .formatted(path, Integer.toUnsignedLong(size)));
    }
    return length * size;
  }

  private static String shape(int[] sizes) {
    return String.join("x", Arrays.stream(sizes).mapToObj(Integer::toString).toList());
  }
}
