package io.lockstep.glm;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;

/** The rows that a model was fitted to. */
interface CaseRows {

  /** Number of rows. */
  int count();

  /** Columns of a row, without the intercept. */
  int width();

  /** Writes a row's columns to x[0 .. width). */
  void inputs(int row, double[] x);

  /** Added to each linear predictor; 0 without offsets. */
  double offset(int row);

  /** How much a row counts; 1 without weights. */
  double weight(int row);

  /** The response; the number of the class where it is one. */
  double response(int row);

  /** Rows as they are in the data, unscaled. */
  static CaseRows of(Partition rows) {
    Dataset data = rows.data();
    float[] offsets = new float[rows.size()];
    float[] weights = new float[rows.size()];
    int[] numbers = new int[rows.size()];
    for (int p = 0; p < numbers.length; p++) {
      numbers[p] = rows.row(p);
      weights[p] = 1;
    }
    if (data.hasOffsets()) {
      data.gatherOffsets(numbers, 0, numbers.length, offsets);
    }
    if (data.hasWeights()) {
      data.gatherWeights(numbers, 0, numbers.length, weights);
    }
    return new OfPartition(data, numbers, offsets, weights);
  }

  /** Of a partition. */
  record OfPartition(Dataset data, int[] numbers, float[] offsets, float[] weights)
      implements CaseRows {

    @Override
    public int count() {
      return numbers.length;
    }

    @Override
    public int width() {
      return data.width();
    }

    @Override
    public void inputs(int row, double[] x) {
      for (int c = 0; c < data.width(); c++) {
        x[c] = data.feature(numbers[row], c);
      }
    }

    @Override
    public double offset(int row) {
      return offsets[row];
    }

    @Override
    public double weight(int row) {
      return weights[row];
    }

    @Override
    public double response(int row) {
      return data.classes() > 0 ? data.label(numbers[row]) : data.target(numbers[row], 0);
    }
  }
}
