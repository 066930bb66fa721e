package io.lockstep.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A column of codes that an embedding reads, and what is done with other numbers in it.
 *
 * @param name of the column, for people
 * @param column of its input, from 0
 * @param levels codes are the whole numbers from 0 to levels − 1
 * @param others what any other number becomes
 * @param rows [levels], how many of the rows learned from have each level, for {@link Others#MEAN};
 *     else empty
 */
public record Codes(String name, int column, int levels, Others others, List<Integer> rows) {

  /** The source of a column that an embedding yields. */
  private static final int EMBEDDED = -1;

  /** What a number becomes that is none of the codes. */
  public enum Others {
    /** It is an error. */
    FAIL,
    /** Zeros. */
    ZERO,
    /** The mean of E over the rows learned from; so does a level that none of these rows has. */
    MEAN
  }

  /** Keeps a copy. */
  public Codes {
    rows = List.copyOf(rows);
  }

  /**
   * Of levels of which nothing is known but their number.
   *
   * @param unseenIsZero whether other numbers become zeros; else they are an error
   */
  public static Codes of(int column, int levels, boolean unseenIsZero) {
    Others others = unseenIsZero ? Others.ZERO : Others.FAIL;
    return new Codes("column " + column, column, levels, others, List.of());
  }

  /**
   * Of levels that rows were counted of.
   *
   * @param rows [levels]
   */
  public static Codes counted(String name, int column, List<Integer> rows) {
    return new Codes(name, column, rows.size(), Others.MEAN, rows);
  }

  /**
   * The columns of a network's input that embeddings read, before any other layer: what is in them
   * can be checked before anything is computed.
   */
  public static List<Codes> ofInput(Network network) {
    List<Codes> found = new ArrayList<>();
    List<Integer> sources =
        new ArrayList<>(IntStream.range(0, network.inputWidth()).boxed().toList());
    for (Layer layer : network.layers()) {
      if (!(layer instanceof Layer.Custom own && own.custom() instanceof Embedding embedding)) {
        break;
      }
      Codes codes = embedding.codes();
      int source = sources.remove(codes.column());
      if (source != EMBEDDED) {
        found.add(codes.at(source));
      }
      sources.addAll(Collections.nCopies(embedding.units(), EMBEDDED));
    }
    return List.copyOf(found);
  }

  private Codes at(int source) {
    return new Codes(name, source, levels, others, rows);
  }

  /** The code that a number is; −1 if it is none. */
  int code(float value) {
    int code = (int) value;
    return code == value && code >= 0 && code < levels ? code : -1;
  }

  /** Whether a number is an error. */
  public boolean refuses(float value) {
    return others == Others.FAIL && code(value) < 0;
  }

  /** In words what a number has to be. */
  public String expected() {
    return "a whole number from 0 to " + (levels - 1);
  }
}
