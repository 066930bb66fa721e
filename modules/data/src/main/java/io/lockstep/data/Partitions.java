package io.lockstep.data;

import io.lockstep.data.formula.TableEncoding;
import io.lockstep.kernels.CounterRandom.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Everything that a run needs of its data.
 *
 * @param train rows to learn from
 * @param validation rows put aside from the training rows; may be empty
 * @param test rows of the test set; may be empty
 * @param scaling from the rows of {@code train} alone
 * @param encoding how a table became the rows, or null if they are of none
 * @param codes the columns that hold codes of levels, for embeddings; ascending
 */
public record Partitions(
    Partition train,
    Partition validation,
    Partition test,
    Scaling scaling,
    TableEncoding encoding,
    List<CodeColumn> codes) {

  /** Far above the error of share × groups, which may be just below a whole number. */
  private static final double ROUNDING = 1e-6;

  /**
   * Splits and scales.
   *
   * @param test may be null: then there are no test rows
   * @throws DataException if the two sets do not fit together, no training row is left, or the
   *     scaling does not apply
   */
  public static Partitions of(Dataset train, Dataset test, Split split, Scaling.Kind scaling) {
    return of(train, test, split, scaling, IntStream.range(0, train.rows()).toArray());
  }

  /**
   * As {@link #of(Dataset, Dataset, Split, Scaling.Kind)}, but rows of a group stay together: the
   * split is one of groups.
   *
   * @param groups [training rows], the group of each, from 0 in the order in which they begin
   */
  public static Partitions of(
      Dataset train, Dataset test, Split split, Scaling.Kind scaling, int[] groups) {
    DataChecks.length(train.name(), "group", groups.length, train.rows(), 1);
    if (test != null) {
      checkAlike(train, test);
    }
    BitSet held = heldOut(split, groups);
    if (held.cardinality() == train.rows()) {
      throw new DataException(
          "data.validation: a share of %s of %d rows leaves none to learn from"
              .formatted(split.validationShare(), train.rows()));
    }
    BitSet rest = (BitSet) held.clone();
    rest.flip(0, train.rows());
    Partition learned = partition(train, rest);
    Partition tested = test == null ? Partition.range(train, 0, 0) : Partition.all(test);
    return new Partitions(
        learned, partition(train, held), tested, Scaling.of(scaling, learned), null, List.of());
  }

  /**
   * The SHA-256 of the line {@code sha256(train) sha256(test)\n} (see {@link Dataset#sha256};
   * {@code -} without test data): it names the data, whatever the split and the scaling. All of the
   * data are read for it the first time.
   */
  public String sha256() {
    String testSha256 = test.isEmpty() ? "-" : test.data().sha256();
    String line = train.data().sha256() + " " + testSha256 + "\n";
    MessageDigest digest = Digests.sha256();
    digest.update(line.getBytes(StandardCharsets.US_ASCII));
    return Digests.hex(digest);
  }

  /** The same, whose rows are of a table; its columns of codes are not scaled. */
  public Partitions withEncoding(TableEncoding fitted) {
    List<CodeColumn> coded = fitted.codeColumns(train);
    return new Partitions(train, validation, test, scaling.without(coded), fitted, coded);
  }

  private static void checkAlike(Dataset train, Dataset test) {
    if (train.width() != test.width()
        || train.classes() != test.classes()
        || train.outputs() != test.outputs()) {
      throw new DataException(
          "%s has rows of width %d and %d outputs, but %s has rows of width %d and %d outputs"
              .formatted(
                  train.name(),
                  train.width(),
                  train.outputs(),
                  test.name(),
                  test.width(),
                  test.outputs()));
    }
    checkBoth(train.hasOffsets(), test.hasOffsets(), "offsets", train, test);
    checkBoth(train.hasWeights(), test.hasWeights(), "weights", train, test);
  }

  private static void checkBoth(
      boolean ofTrain, boolean ofTest, String what, Dataset train, Dataset test) {
    if (ofTrain != ofTest) {
      throw new DataException(
          "expected %s in both %s and %s, or in none, but one has them"
              .formatted(what, train.name(), test.name()));
    }
  }

  private static BitSet heldOut(Split split, int[] groups) {
    int count = 1 + IntStream.of(groups).max().orElseThrow();
    BitSet heldGroups = heldOut(split, count);
    BitSet held = new BitSet(groups.length);
    for (int row = 0; row < groups.length; row++) {
      held.set(row, heldGroups.get(groups[row]));
    }
    return held;
  }

  private static BitSet heldOut(Split split, int groups) {
    int count = (int) Math.round(split.validationShare() * groups);
    BitSet held = new BitSet(groups);
    switch (split.method()) {
      case LAST -> held.set(groups - count, groups);
      case RANDOM -> {
        Permutation permutation = new Permutation(split.seed(), Purpose.SPLIT, groups);
        for (int i = 0; i < count; i++) {
          held.set(permutation.at(0, i));
        }
      }
      case EVENLY -> {
        for (int group = 0; group < groups; group++) {
          held.set(group, before(split, group + 1) > before(split, group));
        }
      }
    }
    return held;
  }

  /** How many of the first groups are put aside at equal distances. */
  private static long before(Split split, int groups) {
    return (long) Math.floor(split.validationShare() * groups + ROUNDING);
  }

  /** Neighbours take no memory, however many they are. */
  private static Partition partition(Dataset data, BitSet rows) {
    int size = rows.cardinality();
    int first = Math.max(0, rows.nextSetBit(0));
    return rows.nextClearBit(first) - first == size
        ? Partition.range(data, first, first + size)
        : Partition.of(data, rows.stream().toArray());
  }
}
