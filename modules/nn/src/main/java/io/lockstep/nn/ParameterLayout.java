package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each parameter lies in the flat array θ.
 *
 * <p>θ is the ranges one after the other, W then b of each dense layer, in one of two forms:
 *
 * <pre>
 *   canonical  W row-major [in][out], then b [out]: the order of θ = (vec(W¹)ᵀ, b¹ᵀ, …, vec(Wᴸ)ᵀ, bᴸᵀ)
 *   packed     the same ranges, W in panels of 16 columns, b padded to whole panels; padding zero
 * </pre>
 *
 * Packed is the form in memory and between machines, canonical the one in files and hashes.
 */
public final class ParameterLayout {

  /** What a range of parameters is for. */
  public enum Role {
    /** A matrix such as the weights W [in][out]; weight decay applies to it. */
    WEIGHT,
    /** A vector such as the bias b [out]; weight decay does not apply to it. */
    BIAS,
    /**
     * A vector that follows the data and is not trained, such as a running mean. A layer yields, in
     * place of a gradient, how far it should go down, times the weight of the rows: the update
     * subtracts the mean of that, whatever the optimizer, without rate, decay or clipping.
     */
    STATISTIC
  }

  /**
   * A named range of θ.
   *
   * @param name for instance {@code dense1.W}
   * @param layer index into {@link Network#layers()}
   * @param role weight, bias or statistic
   * @param rows rows of the matrix, 1 for a vector
   * @param columns columns of the matrix
   * @param packedAt position of the range in the packed θ
   * @param packedLength floats of the range in the packed θ, padding included
   * @param canonicalAt position of the range in the canonical θ
   */
  public record Range(
      String name,
      int layer,
      Role role,
      int rows,
      int columns,
      int packedAt,
      int packedLength,
      int canonicalAt) {

    /** Floats of the range in the canonical θ. */
    public int canonicalLength() {
      return rows * columns;
    }
  }

  /** Takes or gives floats piece by piece. */
  @FunctionalInterface
  public interface Pieces<E extends Exception> {

    /** Reads or fills the next {@code length} of them; the array is used again. */
    void next(float[] values, int length) throws E;
  }

  /** Floats of a piece, unless one row has more. */
  private static final int PIECE_FLOATS = 1 << 18;

  private final List<Range> ranges;
  private final int packedLength;
  private final int canonicalLength;

  ParameterLayout(List<Layer> layers) {
    List<Range> all = new ArrayList<>();
    for (int index = 0; index < layers.size(); index++) {
      for (Parameter parameter : layers.get(index).parameters()) {
        add(all, layers.get(index).name(), index, parameter);
      }
    }
    this.ranges = List.copyOf(all);
    this.packedLength = packedEnd(all);
    this.canonicalLength = canonicalEnd(all);
  }

  private static void add(List<Range> ranges, String layer, int index, Parameter parameter) {
    String name = layer + "." + parameter.name();
    int rows = parameter.rows();
    int columns = parameter.columns();
    long padded = (columns + (long) Panels.WIDTH - 1) / Panels.WIDTH * Panels.WIDTH;
    long end = packedEnd(ranges) + rows * padded;
    if (end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name
              + ": expected at most "
              + Integer.MAX_VALUE
              + " parameters (padding included) up to"
              + " the end of this range but found "
              + end);
    }
    ranges.add(
        new Range(
            name,
            index,
            parameter.role(),
            rows,
            columns,
            packedEnd(ranges),
            Panels.size(rows, columns),
            canonicalEnd(ranges)));
  }

  private static int packedEnd(List<Range> ranges) {
    return ranges.isEmpty() ? 0 : ranges.getLast().packedAt() + ranges.getLast().packedLength();
  }

  private static int canonicalEnd(List<Range> ranges) {
    return ranges.isEmpty()
        ? 0
        : ranges.getLast().canonicalAt() + ranges.getLast().canonicalLength();
  }

  /** All ranges in the order of θ. */
  public List<Range> ranges() {
    return ranges;
  }

  /** The ranges of one layer, in the order of θ. */
  List<Range> ofLayer(int layer) {
    return ranges.stream().filter(range -> range.layer() == layer).toList();
  }

  /**
   * The range of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Range range(String name) {
    return ranges.stream()
        .filter(range -> range.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "parameters: expected one of "
                        + ranges.stream().map(Range::name).toList()
                        + " but found "
                        + name));
  }

  /** Floats of the packed θ, padding included. */
  public int packedLength() {
    return packedLength;
  }

  /** Floats of the canonical θ: the number of parameters, statistics included. */
  public int canonicalLength() {
    return canonicalLength;
  }

  /** Number of trained parameters: those of the canonical θ that are no statistics. */
  public int trainedCount() {
    return ranges.stream()
        .filter(range -> range.role() != Role.STATISTIC)
        .mapToInt(Range::canonicalLength)
        .sum();
  }

  /**
   * The canonical form of a packed θ (or of anything laid out like it), as a new array.
   *
   * @throws IllegalArgumentException if the length is not {@link #packedLength()}
   */
  public float[] toCanonical(float[] packed) {
    requireLength("packed", packedLength, packed.length);
    float[] canonical = new float[canonicalLength];
    for (Range r : ranges) {
      Panels.unpack(r.rows(), r.columns(), packed, r.packedAt(), canonical, r.canonicalAt());
    }
    return canonical;
  }

  /**
   * Gives the canonical form of one range of a packed θ in pieces of whole rows, so that a large
   * one needs no memory for all of it.
   *
   * @throws IllegalArgumentException if the length is not {@link #packedLength()}
   */
  public <E extends Exception> void canonical(float[] packed, Range range, Pieces<E> to) throws E {
    requireLength("packed", packedLength, packed.length);
    int rows = range.rows();
    int columns = range.columns();
    int most = rowsOfAPiece(range);
    float[] piece = new float[most * columns];
    for (int row = 0; row < rows; row += most) {
      int end = Math.min(row + most, rows);
      Panels.unpackRows(rows, columns, packed, range.packedAt(), row, end, piece, 0);
      to.next(piece, (end - row) * columns);
    }
  }

  private static int rowsOfAPiece(Range range) {
    return Math.min(range.rows(), Math.max(1, PIECE_FLOATS / range.columns()));
  }

  /**
   * Packs one range of a θ, whose canonical form is given in pieces as of {@link #canonical}.
   *
   * @param packed takes it
   * @throws IllegalArgumentException if the length is not {@link #packedLength()}
   */
  public <E extends Exception> void pack(float[] packed, Range range, Pieces<E> from) throws E {
    requireLength("packed", packedLength, packed.length);
    int rows = range.rows();
    int columns = range.columns();
    int most = rowsOfAPiece(range);
    float[] piece = new float[most * columns];
    for (int row = 0; row < rows; row += most) {
      int end = Math.min(row + most, rows);
      from.next(piece, (end - row) * columns);
      Panels.packRows(rows, columns, piece, 0, row, end, packed, range.packedAt());
    }
  }

  /**
   * The packed form of a canonical θ, as a new array with zeros as padding.
   *
   * @throws IllegalArgumentException if the length is not {@link #canonicalLength()}
   */
  public float[] toPacked(float[] canonical) {
    requireLength("canonical", canonicalLength, canonical.length);
    float[] packed = new float[packedLength];
    for (Range r : ranges) {
      Panels.pack(r.rows(), r.columns(), canonical, r.canonicalAt(), packed, r.packedAt());
    }
    return packed;
  }

  private static void requireLength(String form, int expected, int found) {
    if (found != expected) {
      throw new IllegalArgumentException(
          form + " parameters: expected " + expected + " floats but found " + found);
    }
  }
}
