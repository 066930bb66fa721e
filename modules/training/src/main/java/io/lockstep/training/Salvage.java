package io.lockstep.training;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides from which version a run can go on whose coordinator was lost, by what is left of its
 * shards: a copy of each, at a server or a standby, that commits nothing more.
 *
 * <p>No bucket can be more than one version ahead of another, since a step is computed on the
 * weights of all: the least version w of a bucket is that of the run. A bucket that is one ahead
 * still has the weights of w, but the optimizer's state of w + 1 only. So the update of step w is
 * made up for where it is missing, see {@link StepAgain}; totals over θ that were measured on the
 * state of w come with the copies. Which copy of a bucket is taken is no part of the bits.
 *
 * @param <H> who has a copy
 */
public final class Salvage<H> {

  private final int shards;
  private final Map<Integer, List<Offer<H>>> offers = new TreeMap<>();

  private record Offer<H>(H holder, boolean serves, ShardCopy copy) {}

  /**
   * What the run goes on from.
   *
   * @param version the least of a bucket
   * @param ahead the buckets that have the version after it
   * @param totals those over θ that the update of the step {@code version} needed; empty if it
   *     needs none, or nobody has them
   * @param holders whose copies are taken, by number of shard
   */
  public record Choice<H>(long version, BitSet ahead, List<Double> totals, List<H> holders) {

    /** The version to go on from, once no bucket lacks an update that another has. */
    public long next() {
      return ahead.isEmpty() ? version : version + 1;
    }
  }

  /**
   * @param shards of the run
   */
  public Salvage(int shards) {
    this.shards = shards;
  }

  /**
   * Somebody has a copy; whoever told of it before may tell so again.
   *
   * @param serves whether it is the shard's server, or was its standby
   */
  public void offer(H holder, boolean serves, ShardCopy copy) {
    List<Offer<H>> same = offers.computeIfAbsent(copy.shard(), shard -> new ArrayList<>());
    same.removeIf(offer -> offer.holder().equals(holder));
    same.add(new Offer<>(holder, serves, copy));
  }

  /** What can be gone on from; empty as long as copies are missing that fit each other. */
  public Optional<Choice<H>> choice() {
    if (offers.size() < shards) {
      return Optional.empty();
    }
    List<Offer<H>> best =
        offers.values().stream()
            .map(
                same ->
                    same.stream()
                        .max( // A standby may have been given up before, and be old.
                            Comparator.comparing(Offer<H>::serves)
                                .thenComparing(offer -> offer.copy().least()))
                        .orElseThrow())
            .toList();
    long least = best.stream().mapToLong(offer -> offer.copy().least()).min().orElseThrow();
    if (!best.stream().allMatch(offer -> offer.copy().goesBackTo(least))) {
      return Optional.empty();
    }
    BitSet ahead = new BitSet();
    int bucket = 0;
    for (Offer<H> offer : best) {
      for (long version : offer.copy().versions()) {
        ahead.set(bucket++, version > least);
      }
    }
    List<H> holders = best.stream().map(Offer::holder).toList();
    return Optional.of(new Choice<>(least, ahead, totals(best, least), holders));
  }

  /** Whoever has a bucket that is ahead has them. */
  private List<Double> totals(List<Offer<H>> offers, long step) {
    return offers.stream()
        .map(Offer::copy)
        .filter(copy -> copy.totalsOf() == step)
        .map(ShardCopy::totals)
        .findFirst()
        .orElse(List.of());
  }
}
