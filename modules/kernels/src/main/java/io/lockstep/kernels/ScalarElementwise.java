package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;

import java.util.Arrays;

/**
 * The scalar twin of the elementwise operations: what each does to one element, written plainly.
 */
final class ScalarElementwise implements Elementwise {

  @Override
  public void apply(Function f, float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      float value = x[xAt + i];
      y[yAt + i] =
          switch (f) {
            case EXP -> ElementaryFunctions.exp(value);
            case LOG -> ElementaryFunctions.log(value);
            case TANH -> ElementaryFunctions.tanh(value);
            case SIGMOID -> ElementaryFunctions.sigmoid(value);
            case ERF -> ElementaryFunctions.erf(value);
          };
    }
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
    for (int panel = 0; panel < panels; panel++) {
      for (int row = 0; row < rows; row++) {
        int offset = (panel * rows + row) * WIDTH;
        for (int lane = 0; lane < WIDTH; lane++) {
          float sum = z[zAt + offset + lane] + bias[biasAt + panel * WIDTH + lane];
          z[zAt + offset + lane] = sum;
          a[aAt + offset + lane] = ScalarActivations.activate(h, sum);
        }
      }
    }
  }

  @Override
  public void activate(Activation h, float[] z, int zAt, float[] a, int aAt, int length) {
    for (int i = 0; i < length; i++) {
      a[aAt + i] = ScalarActivations.activate(h, z[zAt + i]);
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
    for (int i = 0; i < length; i++) {
      dZ[dZAt + i] = dA[dAAt + i] * ScalarActivations.derivative(h, z[zAt + i], a[aAt + i]);
    }
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      x[xAt + i] += y[yAt + i];
    }
  }

  @Override
  public void dropout(
      int rows, int columns, long key, int firstRow, float rate, float[] x, int xAt) {
    float scale = 1f / (1f - rate);
    int threshold = CounterRandom.dropThreshold(rate);
    int columnKey = CounterRandom.columnKey(key);
    for (int panel = 0; panel < Panels.count(columns); panel++) {
      for (int row = 0; row < rows; row++) {
        int rowKey = CounterRandom.rowKey(key, firstRow + row);
        int at = xAt + (panel * rows + row) * WIDTH;
        for (int lane = 0; lane < WIDTH; lane++) {
          boolean keep =
              (CounterRandom.maskBits(rowKey, columnKey, panel * WIDTH + lane) >>> 8) >= threshold;
          x[at + lane] = keep ? x[at + lane] * scale : 0f;
        }
      }
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
    for (int panel = 0; panel < Panels.count(width); panel++) {
      gatherBytesPanel(panel, source, width, rowIndices, from, count, scale, shift, x, xAt);
    }
  }

  /** One panel of the gathered rows. */
  static void gatherBytesPanel(
      int panel,
      byte[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    int columns = Math.min(WIDTH, width - panel * WIDTH);
    for (int i = 0; i < count; i++) {
      int row = rowIndices[from + i] * width + panel * WIDTH;
      int at = xAt + (panel * count + i) * WIDTH;
      for (int lane = 0; lane < columns; lane++) {
        int column = panel * WIDTH + lane;
        x[at + lane] = Math.fma((float) (source[row + lane] & 0xff), scale[column], shift[column]);
      }
      Arrays.fill(x, at + columns, at + WIDTH, 0f);
    }
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
    for (int panel = 0; panel < Panels.count(width); panel++) {
      gatherFloatsPanel(panel, source, width, rowIndices, from, count, scale, shift, x, xAt);
    }
  }

  /** One panel of the gathered rows. */
  static void gatherFloatsPanel(
      int panel,
      float[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    int columns = Math.min(WIDTH, width - panel * WIDTH);
    for (int i = 0; i < count; i++) {
      int row = rowIndices[from + i] * width + panel * WIDTH;
      int at = xAt + (panel * count + i) * WIDTH;
      for (int lane = 0; lane < columns; lane++) {
        int column = panel * WIDTH + lane;
        x[at + lane] = Math.fma(source[row + lane], scale[column], shift[column]);
      }
      Arrays.fill(x, at + columns, at + WIDTH, 0f);
    }
  }
}
