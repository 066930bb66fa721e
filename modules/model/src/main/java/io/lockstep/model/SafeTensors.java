package io.lockstep.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Named float32 tensors in one file of the safetensors format.
 *
 * <pre>
 *   0     8 bytes   length n of the header, little-endian
 *   8     n bytes   JSON {"name":{"dtype":"F32","shape":[2,3],"data_offsets":[begin,end]},…,
 *                         "__metadata__":{"key":"value",…}}, padded with spaces
 *   8+n   …         little-endian float32, row-major; offsets count from here, without gaps
 * </pre>
 *
 * @param tensors in the order of the file
 * @param metadata texts by key, for people and programs that know the keys
 */
public record SafeTensors(List<Tensor> tensors, Map<String, String> metadata) {

  /** Makes both unmodifiable. */
  public SafeTensors {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * One tensor.
   *
   * @param name unique in the file
   * @param shape sizes of the dimensions, row-major
   * @param values the product of the shape's sizes; not copied
   */
  public record Tensor(String name, List<Integer> shape, float[] values) {
    /** Checks that shape and values fit. */
    public Tensor {
      shape = List.copyOf(shape);
      if (name.equals(SafeTensorsHeader.METADATA)) {
        throw new IllegalArgumentException("tensor: the name " + name + " is reserved");
      }
      long size = SafeTensorsHeader.product(shape);
      if (size != values.length) {
        throw new IllegalArgumentException(
            "tensor %s: expected %d values for shape %s but found %d"
                .formatted(name, size, shape, values.length));
      }
    }
  }

  /** Writes the values of a tensor, row-major, as little-endian float32. */
  @FunctionalInterface
  interface Values {
    void write(FileChannel channel) throws IOException;
  }

  /** A tensor that is in no array of its own: its values are made while it is written. */
  record Written(String name, List<Integer> shape, Values values) {}

  /**
   * Writes the file as a whole or not at all, and forces it to the disk.
   *
   * @throws ModelException if that fails
   */
  public void write(Path file) {
    write(file, tensors.stream().map(SafeTensors::written).toList(), metadata);
  }

  private static Written written(Tensor tensor) {
    return new Written(
        tensor.name(),
        tensor.shape(),
        channel -> FloatBytes.write(channel, tensor.values(), tensor.values().length));
  }

  /** As {@link #write(Path)}. */
  static void write(Path file, List<Written> tensors, Map<String, String> metadata) {
    ByteBuffer header = SafeTensorsHeader.encode(tensors, metadata);
    AtomicFile.write(
        file,
        channel -> {
          AtomicFile.writeAll(channel, header);
          for (Written tensor : tensors) {
            tensor.values().write(channel);
          }
        });
  }

  /** Takes what is read of a file. */
  interface Reader {

    /**
     * What it holds, and in which order.
     *
     * @throws ModelException if that is not what was expected
     */
    void header(SafeTensorsHeader header);

    /** Reads the values of a tensor, with which the channel goes on, to their end. */
    void values(SafeTensorsHeader.Entry tensor, FileChannel channel) throws IOException;
  }

  /**
   * Reads a file after checking all of its header.
   *
   * @throws ModelException if the file is missing, damaged, or holds anything else than float32
   */
  public static SafeTensors read(Path file) {
    List<Tensor> tensors = new ArrayList<>();
    Map<String, String> metadata = new HashMap<>();
    read(
        file,
        new Reader() {
          @Override
          public void header(SafeTensorsHeader header) {
            metadata.putAll(header.metadata());
          }

          @Override
          public void values(SafeTensorsHeader.Entry tensor, FileChannel channel)
              throws IOException {
            float[] values = new float[tensor.length()];
            FloatBytes.read(channel, values, values.length);
            tensors.add(new Tensor(tensor.name(), tensor.shape(), values));
          }
        });
    return new SafeTensors(tensors, metadata);
  }

  /** As {@link #read(Path)}, tensor by tensor. */
  static void read(Path file, Reader reader) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafeTensorsHeader header = header(file, channel);
      reader.header(header);
      for (SafeTensorsHeader.Entry tensor : header.entries()) {
        reader.values(tensor, channel);
      }
    } catch (NoSuchFileException missing) {
      throw new ModelException(file + ": no such file; expected the weights of a run", missing);
    } catch (IOException failure) {
      throw new ModelException(file + ": cannot be read: " + AtomicFile.reason(failure), failure);
    }
  }

  private static SafeTensorsHeader header(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new ModelException("%s: expected at least 8 bytes but found %d".formatted(file, size));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBytes.readAll(channel, length);
    long headerBytes = SafeTensorsHeader.checkLength(file, length.getLong(0), size);
    ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
    FloatBytes.readAll(channel, json);
    return SafeTensorsHeader.decode(file, json.array(), size - Long.BYTES - headerBytes);
  }
}
