package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

  @ParameterizedTest
  @CsvSource({"1,1", "10,3", "12,3", "7,7", "7,100", "1000,128", "48000,128", "2,1"})
  void showsEachRowOncePerEpoch(int rows, int batch) {
    Sampler sampler = new Sampler(3, rows, batch);
    for (int epoch = 0; epoch < 3; epoch++) {
      int[] seen = epoch(sampler, epoch);
      Arrays.sort(seen);
      assertThat(seen).isEqualTo(IntStream.range(0, rows).toArray());
    }
  }

  @Test
  void endsAnEpochWithAShortBatch() {
    Sampler sampler = new Sampler(1, 10, 4);
    assertThat(sampler.stepsPerEpoch()).isEqualTo(3);
    assertThat(IntStream.range(0, 6).map(sampler::rowsOf)).containsExactly(4, 4, 2, 4, 4, 2);
    assertThat(IntStream.range(0, 6).mapToLong(sampler::epochOf))
        .containsExactly(0L, 0L, 0L, 1L, 1L, 1L);
    assertThat(IntStream.range(0, 6).map(sampler::stepInEpoch)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void makesOneStepAnEpochWhenTheBatchExceedsTheRows() {
    Sampler sampler = new Sampler(1, 10, Integer.MAX_VALUE);
    assertThat(sampler.stepsPerEpoch()).isEqualTo(1);
    assertThat(sampler.rowsOf(5)).isEqualTo(10);
    assertThat(sampler.epochOf(5)).isEqualTo(5);
  }

  @Test
  void reshufflesEachEpoch() {
    Sampler sampler = new Sampler(1, 1000, 100);
    assertThat(epoch(sampler, 0)).isNotEqualTo(epoch(sampler, 1));
    assertThat(epoch(sampler, 0)).isNotEqualTo(epoch(new Sampler(2, 1000, 100), 0));
  }

  @Test
  void givesAnyWorkerTheSameRowsHoweverAStepIsCut() {
    Sampler whole = new Sampler(9, 1000, 96);
    Sampler other = new Sampler(9, 1000, 96);
    for (long step : new long[] {0, 7, 10, 11, 1_000_000_007L}) {
      int[] rows = new int[whole.rowsOf(step)];
      whole.positions(step, 0, rows.length, rows);
      for (int first = 0; first < rows.length; first += 7) {
        int[] slice = new int[Math.min(7, rows.length - first)];
        other.positions(step, first, slice.length, slice);
        assertThat(slice).isEqualTo(Arrays.copyOfRange(rows, first, first + slice.length));
      }
    }
  }

  @Test
  void givesManyThreadsTheSameRows() {
    Sampler sampler = new Sampler(9, 5000, 64);
    int[][] alone =
        IntStream.range(0, 200).mapToObj(step -> step(sampler, step)).toArray(int[][]::new);
    int[][] together =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(step -> step(sampler, step))
            .toArray(int[][]::new);
    assertThat(together).isDeepEqualTo(alone);
  }

  @Test
  void writesNothingButTheRowsAskedFor() {
    int[] out = {-1, -1, -1, -1};
    new Sampler(1, 10, 4).positions(0, 1, 2, out);
    assertThat(out[2]).isEqualTo(-1);
    assertThat(out[3]).isEqualTo(-1);
  }

  @Test
  void allocatesNothing() {
    Sampler sampler = new Sampler(9, 5000, 64);
    int[] rows = new int[64];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    sampler.positions(0, 0, 64, rows);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int step = 0; step < 1000; step++) {
      sampler.positions(step, 0, sampler.rowsOf(step), rows);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
  }

  @Test
  void refusesRowsThatAStepDoesNotHave() {
    Sampler sampler = new Sampler(1, 10, 4);
    assertThatThrownBy(() -> sampler.positions(2, 1, 2, new int[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows [1, 3) of step 2: it has 2 rows");
    assertThatThrownBy(() -> sampler.positions(0, -1, 2, new int[4]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesSizesBelowOne() {
    assertThatThrownBy(() -> new Sampler(1, 0, 4))
        .hasMessage(
            "expected at least one row and a batch of at least 1, but found 0 rows and a batch of 4");
    assertThatThrownBy(() -> new Sampler(1, 4, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] epoch(Sampler sampler, int epoch) {
    int[] all = new int[sampler.rows()];
    int at = 0;
    for (int s = 0; s < sampler.stepsPerEpoch(); s++) {
      int[] rows = step(sampler, (long) epoch * sampler.stepsPerEpoch() + s);
      System.arraycopy(rows, 0, all, at, rows.length);
      at += rows.length;
    }
    assertThat(at).isEqualTo(all.length);
    return all;
  }

  private static int[] step(Sampler sampler, long step) {
    int[] rows = new int[sampler.rowsOf(step)];
    sampler.positions(step, 0, rows.length, rows);
    return rows;
  }
}
