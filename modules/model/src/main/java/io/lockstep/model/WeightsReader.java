package io.lockstep.model;

import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packs arrays that are laid out like θ while their file is read: each tensor piece by piece, so
 * that only the arrays themselves are ever there as a whole.
 */
final class WeightsReader implements SafeTensors.Reader {

  private final Path file;
  private final ParameterLayout layout;
  private final List<float[]> arrays = new ArrayList<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  /** Where a tensor goes. */
  private record Place(Range range, float[] packed) {}

  /**
   * @param prefixes what the names of each array's tensors begin with
   */
  WeightsReader(Path file, ParameterLayout layout, List<String> prefixes) {
    this.file = file;
    this.layout = layout;
    for (String prefix : prefixes) {
      float[] packed = new float[layout.packedLength()];
      arrays.add(packed);
      layout.ranges().forEach(r -> places.put(prefix + r.name(), new Place(r, packed)));
    }
  }

  /** The arrays, packed, in the order of the prefixes. */
  List<float[]> arrays() {
    return arrays;
  }

  @Override
  public void header(SafeTensorsHeader header) {
    Map<String, List<Integer>> found = new TreeMap<>();
    header.entries().forEach(tensor -> found.put(tensor.name(), tensor.shape()));
    places.forEach((name, place) -> check(name, place.range(), found.remove(name)));
    if (!found.isEmpty()) {
      throw new ModelException(
          "%s: expected the tensors of the run's network but found also %s"
              .formatted(file, found.keySet().stream().toList()));
    }
  }

  private void check(String name, Range range, List<Integer> found) {
    List<Integer> expected = Weights.shape(range);
    if (!expected.equals(found)) {
      throw new ModelException(
          "%s: expected tensor %s of shape %s but found %s"
              .formatted(file, name, expected, found == null ? "none" : found));
    }
  }

  @Override
  public void values(SafeTensorsHeader.Entry tensor, FileChannel channel) throws IOException {
    Place place = places.get(tensor.name());
    layout.pack(
        place.packed(),
        place.range(),
        (values, length) -> FloatBytes.read(channel, values, length));
  }
}
