package io.lockstep.model;

import io.lockstep.model.SafeTensors.Tensor;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The canonical θ, and what is laid out like it, in safetensors files: each range of the layout is
 * a tensor of its name, W of shape [in, out] and b of shape [out].
 */
public final class Weights {

  private Weights() {}

  /**
   * Writes the file as a whole or not at all.
   *
   * @param canonical all parameters, [canonicalLength]
   * @throws ModelException if that fails
   */
  public static void write(
      Path file, ParameterLayout layout, float[] canonical, Map<String, String> metadata) {
    writeAll(file, layout, Map.of("", canonical), metadata);
  }

  /**
   * Writes several arrays that are laid out like θ as a whole or not at all.
   *
   * @param canonical each [canonicalLength], by what its tensors' names begin with
   * @throws ModelException if that fails
   */
  public static void writeAll(
      Path file,
      ParameterLayout layout,
      Map<String, float[]> canonical,
      Map<String, String> metadata) {
    List<Tensor> tensors = new ArrayList<>();
    canonical.forEach((prefix, values) -> tensors.addAll(tensors(layout, prefix, values)));
    new SafeTensors(tensors, metadata).write(file);
  }

  private static List<Tensor> tensors(ParameterLayout layout, String prefix, float[] canonical) {
    if (canonical.length != layout.canonicalLength()) {
      throw new IllegalArgumentException(
          "weights: expected %d values but found %d"
              .formatted(layout.canonicalLength(), canonical.length));
    }
    List<Tensor> tensors = new ArrayList<>();
    for (Range range : layout.ranges()) {
      int from = range.canonicalAt();
      float[] values = Arrays.copyOfRange(canonical, from, from + range.canonicalLength());
      tensors.add(new Tensor(prefix + range.name(), shape(range), values));
    }
    return tensors;
  }

  /**
   * Reads the canonical θ.
   *
   * @throws ModelException if the file is missing or damaged, or its tensors are not the layout's
   */
  public static float[] read(Path file, ParameterLayout layout) {
    return readAll(file, layout, List.of("")).getFirst();
  }

  /**
   * Reads several arrays that are laid out like θ.
   *
   * @param prefixes what the names of each array's tensors begin with
   * @throws ModelException if the file is missing or damaged, or its tensors are others
   */
  public static List<float[]> readAll(Path file, ParameterLayout layout, List<String> prefixes) {
    Map<String, Tensor> tensors = new HashMap<>();
    SafeTensors.read(file).tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    List<float[]> all = new ArrayList<>();
    for (String prefix : prefixes) {
      all.add(take(file, layout, prefix, tensors));
    }
    if (!tensors.isEmpty()) {
      throw new ModelException(
          "%s: expected the tensors of the run's network but found also %s"
              .formatted(file, tensors.keySet().stream().sorted().toList()));
    }
    return all;
  }

  private static float[] take(
      Path file, ParameterLayout layout, String prefix, Map<String, Tensor> tensors) {
    float[] canonical = new float[layout.canonicalLength()];
    for (Range range : layout.ranges()) {
      Tensor tensor = tensors.remove(prefix + range.name());
      check(file, range, prefix, tensor);
      System.arraycopy(tensor.values(), 0, canonical, range.canonicalAt(), tensor.values().length);
    }
    return canonical;
  }

  private static void check(Path file, Range range, String prefix, Tensor tensor) {
    Object found = tensor == null ? "none" : tensor.shape();
    if (!shape(range).equals(found)) {
      throw new ModelException(
          "%s: expected tensor %s of shape %s but found %s"
              .formatted(file, prefix + range.name(), shape(range), found));
    }
  }

  private static List<Integer> shape(Range range) {
    return range.role() == Role.WEIGHT
        ? List.of(range.rows(), range.columns())
        : List.of(range.columns());
  }
}
