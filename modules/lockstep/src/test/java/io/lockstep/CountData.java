package io.lockstep;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import java.util.SplittableRandom;

/** Counts whose mean is exp(0.5 + x₀ − 0.5 x₁ + log exposure), the exposures being the offsets. */
final class CountData {

  static final int ROWS = 500;
  static final Dataset TRAIN = rows("rides", 1);
  static final Dataset TEST = rows("rides-test", 2);

  private CountData() {}

  static Partitions partitions() {
    return partitions(TRAIN, TEST);
  }

  static Partitions partitions(Dataset train, Dataset test) {
    return Partitions.of(train, test, new Split(0.2, SplitMethod.LAST, 0), Scaling.Kind.NONE);
  }

  private static Dataset rows(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] features = new float[3 * ROWS];
    float[] counts = new float[ROWS];
    float[] offsets = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < 3; column++) {
        features[3 * row + column] = (float) (2 * random.nextDouble() - 1);
      }
      offsets[row] = (float) random.nextDouble();
      double mean = Math.exp(0.5 + features[3 * row] - 0.5 * features[3 * row + 1] + offsets[row]);
      counts[row] = count(mean, random);
    }
    return Dataset.ofFloats(name, ROWS, 3, features, counts, 1).withOffsets(offsets);
  }

  private static int count(double mean, SplittableRandom random) {
    double product = random.nextDouble();
    int count = 0;
    for (double limit = Math.exp(-mean); product > limit; count++) {
      product *= random.nextDouble();
    }
    return count;
  }
}
