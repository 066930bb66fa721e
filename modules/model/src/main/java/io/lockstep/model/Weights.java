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
 * The canonical θ in a safetensors file: each range of the layout is a tensor of its name, W of
 * shape [in, out] and b of shape [out].
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
    if (canonical.length != layout.canonicalLength()) {
      throw new IllegalArgumentException(
          "weights: expected %d values but found %d"
              .formatted(layout.canonicalLength(), canonical.length));
    }
    List<Tensor> tensors = new ArrayList<>();
    for (Range range : layout.ranges()) {
      int from = range.canonicalAt();
      float[] values = Arrays.copyOfRange(canonical, from, from + range.canonicalLength());
      tensors.add(new Tensor(range.name(), shape(range), values));
    }
    new SafeTensors(tensors, metadata).write(file);
  }

  /**
   * Reads the canonical θ.
   *
   * @throws ModelException if the file is missing or damaged, or its tensors are not the layout's
   */
  public static float[] read(Path file, ParameterLayout layout) {
    Map<String, Tensor> tensors = new HashMap<>();
    SafeTensors.read(file).tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    float[] canonical = new float[layout.canonicalLength()];
    for (Range range : layout.ranges()) {
      Tensor tensor = tensors.remove(range.name());
      check(file, range, tensor);
      System.arraycopy(tensor.values(), 0, canonical, range.canonicalAt(), tensor.values().length);
    }
    if (!tensors.isEmpty()) {
      throw new ModelException(
          "%s: expected the tensors of the run's network but found also %s"
              .formatted(file, tensors.keySet().stream().sorted().toList()));
    }
    return canonical;
  }

  private static void check(Path file, Range range, Tensor tensor) {
    Object found = tensor == null ? "none" : tensor.shape();
    if (!shape(range).equals(found)) {
      throw new ModelException(
          "%s: expected tensor %s of shape %s but found %s"
              .formatted(file, range.name(), shape(range), found));
    }
  }

  private static List<Integer> shape(Range range) {
    return range.role() == Role.WEIGHT
        ? List.of(range.rows(), range.columns())
        : List.of(range.columns());
  }
}
