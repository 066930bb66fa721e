package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.lockstep.data.store.NumberStore;
import io.lockstep.data.store.NumberWriter;
import io.lockstep.data.store.Storage;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set in a mapped file beside the same one in an array. */
class MappedFeaturesTest {

  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.SCALAR);
  private static final int ROWS = 37;
  private static final int GATHERS = 5000;

  @TempDir Path folder;

  private static float[] numbers(int width) {
    float[] numbers = new float[ROWS * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) StrictMath.sin(i * 12.9898) * 43758.547f;
    }
    return numbers;
  }

  private MemorySegment mapped(float[] numbers) {
    try (NumberStore store = new Storage(0, folder).open("t", 4L * numbers.length)) {
      NumberWriter writer = store.floats(numbers.length);
      for (float number : numbers) {
        writer.putFloat(number);
      }
      return writer.finish();
    }
  }

  private static Dataset dataset(int width, MemorySegment features) {
    return Dataset.ofFloats("t", ROWS, width, features, new float[ROWS], 1);
  }

  @Test
  void gathersScalesAndHashesAsAnArray() {
    for (int width : new int[] {1, 15, 16, 17, 48, 61}) {
      float[] numbers = numbers(width);
      Dataset array = dataset(width, MemorySegment.ofArray(numbers));
      Dataset mapped = dataset(width, mapped(numbers));
      assertThat(mapped.sha256()).isEqualTo(array.sha256());
      assertThat(mapped.feature(ROWS - 1, width - 1)).isEqualTo(numbers[ROWS * width - 1]);
      assertThat(gathered(mapped)).isEqualTo(gathered(array));
    }
  }

  /** Some rows, out of order, one of them twice, between what must not be touched. */
  private static float[] gathered(Dataset data) {
    int[] rows = {99, 36, 0, 7, 7, 21, 99};
    float[] x = new float[3 + Panels.size(5, data.width()) + 2];
    Arrays.fill(x, Float.NaN);
    data.gather(KERNELS, Scaling.standardize(Partition.all(data)), rows, 1, 5, x, 3);
    return x;
  }

  @Test
  void gathersWithoutAllocating() {
    Dataset data = dataset(61, mapped(numbers(61)));
    Scaling scaling = Scaling.none(61);
    int[] rows = {36, 0, 7};
    float[] x = new float[Panels.size(3, 61)];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2 * GATHERS; i++) {
      if (i == GATHERS) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      data.gather(KERNELS, scaling, rows, 0, 3, x, 0);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(GATHERS);
  }

  @Test
  void readsASliceWhereItBegins() {
    float[] numbers = numbers(3);
    float[] longer = new float[numbers.length + 5];
    System.arraycopy(numbers, 0, longer, 5, numbers.length);
    MemorySegment slice = MemorySegment.ofArray(longer).asSlice(5L * Float.BYTES);
    assertThat(gathered(dataset(3, slice)))
        .isEqualTo(gathered(dataset(3, MemorySegment.ofArray(numbers))));
  }

  @Test
  void namesTheRowOfANumberThatIsNotFinite() {
    float[] numbers = numbers(3);
    numbers[3 * 20 + 1] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> dataset(3, mapped(numbers)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "t: the feature at row 20, column 1 (counted from 0) is Infinity, expected a finite number");
  }
}
