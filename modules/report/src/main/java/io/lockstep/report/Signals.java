package io.lockstep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What goes through a network for one row. Stateless. */
public final class Signals {

  private Signals() {}

  /**
   * What a layer yields.
   *
   * @param name of the layer
   * @param detail for people, such as its activation
   * @param outputs [units]
   * @param weights row-major [inputs][units], by which it reads the layer before it; null if it
   *     does so otherwise
   */
  public record LayerSignal(String name, String detail, float[] outputs, float[] weights) {}

  /**
   * From a unit to one of the next layer.
   *
   * @param strength output of the first times the weight
   */
  record Connection(int from, int to, double strength) {}

  /** The units with the largest magnitudes, at most so many that are not zero, by their numbers. */
  static int[] strongest(float[] outputs, int most) {
    if (outputs.length <= most) {
      return IntStream.range(0, outputs.length).toArray();
    }
    return IntStream.range(0, outputs.length)
        .filter(i -> outputs[i] != 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> Math.abs(outputs[i])).reversed())
        .limit(most)
        .sorted()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The strongest connections between some units, the strongest first; none of strength zero. */
  static List<Connection> strongestConnections(
      float[] inputs, float[] weights, int width, int[] from, int[] to, int most) {
    List<Connection> all = new ArrayList<>();
    for (int i : from) {
      for (int j : to) {
        double strength = (double) inputs[i] * weights[i * width + j];
        if (strength != 0) {
          all.add(new Connection(i, j, strength));
        }
      }
    }
    all.sort(Comparator.comparingDouble((Connection c) -> Math.abs(c.strength())).reversed());
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }

  /** The first of the largest. */
  static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
