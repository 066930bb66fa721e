package io.lockstep.model;

import io.lockstep.model.SafeTensors.Written;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * θ, and what is laid out like it, in safetensors files: each range of the layout is a tensor of
 * its name, W of shape [in, out] and b of shape [out]. Canonical in the file, packed in memory;
 * what is between is never there as a whole.
 */
public final class Weights {

  private Weights() {}

  /**
   * Writes the file as a whole or not at all.
   *
   * @param packed all parameters
   * @throws ModelException if that fails
   */
  public static void write(
      Path file, ParameterLayout layout, float[] packed, Map<String, String> metadata) {
    writeAll(file, layout, Map.of("", packed), metadata);
  }

  /**
   * Writes several arrays that are laid out like θ as a whole or not at all.
   *
   * @param packed each laid out like packed θ, by what its tensors' names begin with
   * @throws ModelException if that fails
   */
  public static void writeAll(
      Path file,
      ParameterLayout layout,
      Map<String, float[]> packed,
      Map<String, String> metadata) {
    List<Written> tensors = new ArrayList<>();
    packed.forEach((prefix, values) -> tensors.addAll(tensors(layout, prefix, values)));
    SafeTensors.write(file, tensors, metadata);
  }

  private static List<Written> tensors(ParameterLayout layout, String prefix, float[] packed) {
    if (packed.length != layout.packedLength()) {
      throw new IllegalArgumentException(
          "weights: expected %d values but found %d"
              .formatted(layout.packedLength(), packed.length));
    }
    return layout.ranges().stream()
        .map(range -> new Written(prefix + range.name(), shape(range), of(layout, packed, range)))
        .toList();
  }

  private static SafeTensors.Values of(ParameterLayout layout, float[] packed, Range range) {
    return channel ->
        layout.canonical(
            packed, range, (values, length) -> FloatBytes.write(channel, values, length));
  }

  /**
   * Reads θ, packed.
   *
   * @throws ModelException if the file is missing or damaged, or its tensors are not the layout's
   */
  public static float[] read(Path file, ParameterLayout layout) {
    return readAll(file, layout, List.of("")).getFirst();
  }

  /**
   * Reads several arrays that are laid out like θ, packed.
   *
   * @param prefixes what the names of each array's tensors begin with
   * @throws ModelException if the file is missing or damaged, or its tensors are others
   */
  public static List<float[]> readAll(Path file, ParameterLayout layout, List<String> prefixes) {
    WeightsReader reader = new WeightsReader(file, layout, prefixes);
    SafeTensors.read(file, reader);
    return reader.arrays();
  }

  /** The shape of a range's tensor. */
  static List<Integer> shape(Range range) {
    return range.role() == Role.WEIGHT
        ? List.of(range.rows(), range.columns())
        : List.of(range.columns());
  }
}
