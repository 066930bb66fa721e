package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Totals over θ have the same bits however θ is cut, and whoever tells its part how often. */
class StepTotalsTest {

  private static final int TOTALS = 2;

  private final List<String> told = new ArrayList<>();
  private final List<List<Double>> values = new ArrayList<>();

  private StepTotals totals(int shards) {
    return new StepTotals(
        shards,
        (shard, step, of) -> {
          told.add("shard %d step %d".formatted(shard, step));
          values.add(of);
        });
  }

  private static int floats(int blocks) {
    return blocks * Buckets.BLOCK - 100;
  }

  /** What the blocks [from, to) add, such that every other order of addition gives other bits. */
  private static BlockSums sums(int blocks, int from, int to) {
    int at = from * Buckets.BLOCK;
    int length = Math.min(to * Buckets.BLOCK, floats(blocks)) - at;
    BlockSums sums = new BlockSums(TOTALS, floats(blocks), at, length);
    for (int block = from; block < to; block++) {
      Random random = new Random(block);
      for (int total = 0; total < TOTALS; total++) {
        sums.parts()[sums.at(block * Buckets.BLOCK) + total] = Math.exp(9 * random.nextGaussian());
      }
    }
    return sums;
  }

  private static List<Double> whole(int blocks) {
    double[] whole = new double[TOTALS];
    BlockSums all = sums(blocks, 0, blocks);
    assertThat(all.areAll()).isTrue();
    all.sum(whole);
    return Arrays.stream(whole).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 37, 64, 100})
  void haveTheSameBitsHoweverThetaIsCut(int blocks) {
    List<Double> expected = whole(blocks);
    Random random = new Random(blocks);
    for (int shards = 1; shards <= Math.min(4, blocks); shards++) {
      for (int time = 0; time < 10; time++) {
        values.clear();
        List<Integer> cuts = cuts(blocks, shards, random);
        StepTotals totals = totals(shards);
        List<Integer> order = new ArrayList<>(cuts.subList(0, shards));
        Collections.shuffle(order, random);
        for (int from : order) {
          int shard = cuts.indexOf(from);
          BlockSums part = sums(blocks, from, cuts.get(shard + 1));
          assertThat(part.areAll()).isEqualTo(shards == 1);
          totals.measured(shard, 0, part.part());
        }
        assertThat(values).hasSize(shards).containsOnly(expected);
      }
    }
  }

  private static List<Integer> cuts(int blocks, int shards, Random random) {
    List<Integer> inner = new ArrayList<>();
    for (int block = 1; block < blocks; block++) {
      inner.add(block);
    }
    Collections.shuffle(inner, random);
    List<Integer> cuts = new ArrayList<>(inner.subList(0, shards - 1));
    cuts.add(0);
    cuts.add(blocks);
    Collections.sort(cuts);
    return cuts;
  }

  /** A tree whose shape is that of the tree over micro-batches, written out. */
  @Test
  void areSummedInATreeOverBlocks() {
    double[] x = sums(5, 0, 5).parts();
    double expected = (x[0] + x[2]) + (x[4] + x[6]) + x[8];
    assertThat(whole(5).getFirst()).isEqualTo(expected);
  }

  @Test
  void areToldToAllWhenTheLastPartIsThereAndAgainToWhoeverAsks() {
    StepTotals totals = totals(2);
    totals.measured(1, 4, sums(3, 1, 3).part());
    totals.measured(1, 4, sums(3, 1, 3).part());
    assertThat(told).isEmpty();
    totals.measured(0, 4, sums(3, 0, 1).part());
    assertThat(told).containsExactly("shard 0 step 4", "shard 1 step 4");

    totals.measured(1, 4, sums(3, 1, 3).part());

    assertThat(told).containsExactly("shard 0 step 4", "shard 1 step 4", "shard 1 step 4");
    assertThat(values).containsOnly(whole(3));
  }

  @Test
  void ofTheNewestTwoStepsAreKept() {
    StepTotals totals = totals(1);
    for (long step = 0; step < 3; step++) {
      totals.measured(0, step, sums(3, 0, 3).part());
    }
    told.clear();
    for (long step = 0; step < 3; step++) {
      totals.measured(0, step, sums(3, 0, 3).part());
    }

    assertThat(told).containsExactly("shard 0 step 1", "shard 0 step 2");
  }

  @Test
  void aPartThatCannotBeIsRefused() {
    List<Double> one = List.of(1.0);
    refuses(() -> new TotalsPart(3, 0, 4, one), "expected blocks of 3, found [0, 4)");
    refuses(() -> new TotalsPart(3, 2, 2, one), "expected blocks of 3, found [2, 2)");
    refuses(() -> new TotalsPart(4, 1, 4, one), "expected sums of 2 subtrees, found 1");
    refuses(() -> new TotalsPart(4, 1, 4, List.of()), "expected sums of 2 subtrees, found 0");
  }

  private static void refuses(Runnable part, String why) {
    assertThatIllegalArgumentException().isThrownBy(part::run).withMessageContaining(why);
  }
}
