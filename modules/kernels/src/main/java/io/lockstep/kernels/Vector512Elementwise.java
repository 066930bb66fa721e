package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementwise operations on vectors of 512 bits. What is left over of a length that fills no whole
 * vectors is given to the scalar twin. A panel row is whole vectors, so packed matrices leave
 * nothing over. A method with a loop takes no vector: it may be compiled alone, and then its
 * callers would put that vector on the heap.
 *
 * <p>The loops over functions are {@link LoopsApart}, since they call methods of ours with vectors.
 * What else a pass calls here does not, so that it may become a part of its callers.
 */
final class Vector512Elementwise implements Elementwise {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final int LANES = SPECIES.length();

  /**
   * Rows that are gathered together, a panel of each after the other: the rows lie scattered over
   * memory, and the CPU waits for several of them at once. With more rows, the cache lines that are
   * in use crowd each other out.
   */
  private static final int GATHERED_ROWS = 8;

  private static final IntVector IOTA = IntVector.zero(INTS).addIndex(1);

  private static final LoopsApart.Map[] FUNCTIONS =
      Arrays.stream(Function.values())
          .map(f -> LoopsApart.apart(loop(f)))
          .toArray(LoopsApart.Map[]::new);
  private static final LoopsApart.Map[] ACTIVATIONS =
      Arrays.stream(Activation.values())
          .map(h -> LoopsApart.apart(loop(h)))
          .toArray(LoopsApart.Map[]::new);
  private static final LoopsApart.Gradient[] GRADIENTS =
      Arrays.stream(Activation.values())
          .map(h -> LoopsApart.apart(gradientLoop(h)))
          .toArray(LoopsApart.Gradient[]::new);

  private final ScalarElementwise scalar = new ScalarElementwise();

  private static LoopsApart.Map loop(Function f) {
    return switch (f) {
      case EXP -> Vector512Maps::exp;
      case LOG -> Vector512Maps::log;
      case TANH -> Vector512Maps::tanh;
      case SIGMOID -> Vector512Maps::sigmoid;
      case ERF -> Vector512Maps::erf;
    };
  }

  private static LoopsApart.Map loop(Activation h) {
    return switch (h) {
      case IDENTITY -> Vector512Elementwise::copy;
      case SIGMOID -> Vector512Maps::sigmoid;
      case RELU -> Vector512Maps::relu;
      case TANH -> Vector512Maps::tanh;
      case LEAKY_RELU -> Vector512Maps::leakyRelu;
      case ELU -> Vector512Maps::elu;
      case SOFTPLUS -> Vector512Maps::softplus;
      case GELU -> Vector512Maps::gelu;
      case SILU -> Vector512Maps::silu;
    };
  }

  private static LoopsApart.Gradient gradientLoop(Activation h) {
    return switch (h) {
      case IDENTITY -> (a, aAt, dA, dAAt, dZ, dZAt, length) -> copy(dA, dAAt, dZ, dZAt, length);
      case SIGMOID -> Vector512Gradients::sigmoid;
      case RELU -> Vector512Gradients::relu;
      case TANH -> Vector512Gradients::tanh;
      case LEAKY_RELU -> Vector512Gradients::leakyRelu;
      case ELU -> Vector512Gradients::elu;
      case SOFTPLUS -> Vector512Gradients::softplus;
      case GELU -> Vector512Gradients::gelu;
      case SILU -> Vector512Gradients::silu;
    };
  }

  @Override
  public void apply(Function f, float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = SPECIES.loopBound(length);
    FUNCTIONS[f.ordinal()].apply(x, xAt, y, yAt, whole);
    scalar.apply(f, x, xAt + whole, y, yAt + whole, length - whole);
  }

  @Override
  public void biasActivate(
      Activation h,
      int rows,
      int panels,
      float[] bias,
      int biasAt,
      float[] z,
      int zAt,
      float[] a,
      int aAt) {
    boolean fused = h == Activation.RELU && same(z, zAt, a, aAt);
    for (int panel = 0; panel < panels; panel++) {
      int offset = panel * rows * WIDTH;
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        int column = biasAt + panel * WIDTH + lane;
        if (fused) {
          addBiasRelu(rows, bias, column, z, zAt + offset + lane);
        } else {
          addBias(rows, bias, column, z, zAt + offset + lane);
        }
      }
      if (!fused) {
        activate(h, z, zAt + offset, a, aAt + offset, rows * WIDTH);
      }
    }
  }

  /** Whether two places are the same one. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(float[] x, int xAt, float[] y, int yAt) {
    return x == y && xAt == yAt;
  }

  private static void addBias(int rows, float[] bias, int column, float[] z, int zAt) {
    FloatVector b = FloatVector.fromArray(SPECIES, bias, column);
    for (int i = 0; i < rows * WIDTH; i += WIDTH) {
      FloatVector.fromArray(SPECIES, z, zAt + i).add(b).intoArray(z, zAt + i);
    }
  }

  private static void addBiasRelu(int rows, float[] bias, int column, float[] z, int zAt) {
    FloatVector b = FloatVector.fromArray(SPECIES, bias, column);
    for (int i = 0; i < rows * WIDTH; i += WIDTH) {
      FloatVector sum = FloatVector.fromArray(SPECIES, z, zAt + i).add(b);
      sum.blend(FloatVector.zero(SPECIES), sum.compare(LE, 0f)).intoArray(z, zAt + i);
    }
  }

  @Override
  public void activate(Activation h, float[] z, int zAt, float[] a, int aAt, int length) {
    int whole = SPECIES.loopBound(length);
    ACTIVATIONS[h.ordinal()].apply(z, zAt, a, aAt, whole);
    scalar.activate(h, z, zAt + whole, a, aAt + whole, length - whole);
  }

  private static void copy(float[] x, int xAt, float[] y, int yAt, int length) {
    if (!same(x, xAt, y, yAt)) {
      System.arraycopy(x, xAt, y, yAt, length);
    }
  }

  @Override
  public void activationGradient(
      Activation h,
      float[] z,
      int zAt,
      float[] a,
      int aAt,
      float[] dA,
      int dAAt,
      float[] dZ,
      int dZAt,
      int length) {
    int whole = SPECIES.loopBound(length);
    boolean ofInput = h == Activation.SOFTPLUS || h == Activation.GELU || h == Activation.SILU;
    if (ofInput) {
      GRADIENTS[h.ordinal()].apply(z, zAt, dA, dAAt, dZ, dZAt, whole);
    } else {
      GRADIENTS[h.ordinal()].apply(a, aAt, dA, dAAt, dZ, dZAt, whole);
    }
    scalar.activationGradient(
        h, z, zAt + whole, a, aAt + whole, dA, dAAt + whole, dZ, dZAt + whole, length - whole);
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = SPECIES.loopBound(length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector sum =
          FloatVector.fromArray(SPECIES, x, xAt + i)
              .add(FloatVector.fromArray(SPECIES, y, yAt + i));
      sum.intoArray(x, xAt + i);
    }
    scalar.add(x, xAt + whole, y, yAt + whole, length - whole);
  }

  @Override
  public void dropout(
      int rows, int columns, long key, int firstRow, float rate, float[] x, int xAt) {
    for (int column = 0; column < Panels.paddedColumns(columns); column += LANES) {
      dropColumns(rows, column, key, firstRow, rate, x, xAt + Panels.index(rows, 0, column));
    }
  }

  /**
   * One vector of columns, from {@code column} on, in all rows. The lines of CounterRandom.mix32
   * are written out twice, since a method of its own would take a vector.
   */
  private static void dropColumns(
      int rows, int column, long key, int firstRow, float rate, float[] x, int xAt) {
    int columnKey = CounterRandom.columnKey(key);
    IntVector hash = IOTA.add(column).mul(CounterRandom.COLUMN_FACTOR).add(columnKey);
    hash = hash.lanewise(XOR, hash.lanewise(LSHR, 16)).mul(CounterRandom.MIX_1);
    hash = hash.lanewise(XOR, hash.lanewise(LSHR, 15)).mul(CounterRandom.MIX_2);
    hash = hash.lanewise(XOR, hash.lanewise(LSHR, 16));
    float scale = 1f / (1f - rate);
    int threshold = CounterRandom.dropThreshold(rate);
    for (int row = 0; row < rows; row++) {
      int at = xAt + row * WIDTH;
      IntVector bits = hash.lanewise(XOR, CounterRandom.rowKey(key, firstRow + row));
      bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16)).mul(CounterRandom.MIX_1);
      bits = bits.lanewise(XOR, bits.lanewise(LSHR, 15)).mul(CounterRandom.MIX_2);
      bits = bits.lanewise(XOR, bits.lanewise(LSHR, 16));
      VectorMask<Float> dropped = bits.lanewise(LSHR, 8).compare(LT, threshold).cast(SPECIES);
      FloatVector.fromArray(SPECIES, x, at)
          .mul(scale)
          .blend(FloatVector.zero(SPECIES), dropped)
          .intoArray(x, at);
    }
  }

  @Override
  public void gatherBytes(
      byte[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    int panels = width / WIDTH;
    for (int block = 0; block < count; block += GATHERED_ROWS) {
      int rows = Math.min(GATHERED_ROWS, count - block);
      for (int panel = 0; panel < panels; panel++) {
        int at = xAt + (panel * count + block) * WIDTH;
        gatherPanel(source, width, rowIndices, from + block, rows, panel, scale, shift, x, at);
      }
    }
    if (panels < Panels.count(width)) {
      ScalarElementwise.gatherBytesPanel(
          panels, source, width, rowIndices, from, count, scale, shift, x, xAt);
    }
  }

  private static void gatherPanel(
      byte[] source,
      int width,
      int[] rowIndices,
      int from,
      int rows,
      int panel,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    for (int i = 0; i < rows; i++) {
      int at = rowIndices[from + i] * width + panel * WIDTH;
      storeBytes(source, at, panel * WIDTH, scale, shift, x, xAt + i * WIDTH);
    }
  }

  /**
   * A panel row. Each part of the bytes has its number written out, or the compiler takes it for a
   * variable.
   */
  private static void storeBytes(
      byte[] source, int at, int column, float[] scale, float[] shift, float[] x, int xAt) {
    if (LANES > 8) {
      ByteVector bytes = ByteVector.fromArray(ByteVector.SPECIES_128, source, at);
      storePart(
          (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0), column, scale, shift, x, xAt);
    } else {
      storeHalf(
          ByteVector.fromArray(ByteVector.SPECIES_64, source, at), column, scale, shift, x, xAt);
      storeHalf(
          ByteVector.fromArray(ByteVector.SPECIES_64, source, at + 8),
          column + 8,
          scale,
          shift,
          x,
          xAt + 8);
    }
  }

  private static void storeHalf(
      ByteVector bytes, int column, float[] scale, float[] shift, float[] x, int xAt) {
    storePart(
        (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0), column, scale, shift, x, xAt);
    if (LANES <= 4) {
      storePart(
          (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1),
          column + 4,
          scale,
          shift,
          x,
          xAt + 4);
    }
  }

  private static void storePart(
      IntVector part, int column, float[] scale, float[] shift, float[] x, int xAt) {
    FloatVector values = (FloatVector) part.convert(I2F, 0);
    scaled(values, column, scale, shift).intoArray(x, xAt);
  }

  private static FloatVector scaled(FloatVector values, int column, float[] scale, float[] shift) {
    return values.fma(
        FloatVector.fromArray(SPECIES, scale, column),
        FloatVector.fromArray(SPECIES, shift, column));
  }

  @Override
  public void gatherFloats(
      float[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    int whole = width / WIDTH * WIDTH;
    for (int i = 0; i < count; i++) {
      int row = rowIndices[from + i] * width;
      for (int column = 0; column < whole; column += LANES) {
        FloatVector values = FloatVector.fromArray(SPECIES, source, row + column);
        scaled(values, column, scale, shift).intoArray(x, xAt + Panels.index(count, i, column));
      }
    }
    if (whole < width) {
      ScalarElementwise.gatherFloatsPanel(
          whole / WIDTH, source, width, rowIndices, from, count, scale, shift, x, xAt);
    }
  }
}
