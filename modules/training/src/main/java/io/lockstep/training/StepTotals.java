package io.lockstep.training;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Sums what the shards of a run add to the totals that the update of a step needs, and tells them
 * all when it has everything.
 *
 * <p>Whoever serves a shard may tell its part, once or again, a server and the standby that took
 * over from it: the part has the same bits. Who tells it of a step whose totals are there is told
 * these at once. No shard is more than one step ahead of another, so the newest two steps are kept.
 *
 * <p>Used by one thread at a time.
 */
public final class StepTotals {

  private static final int STEPS_KEPT = 2;

  /** Told of totals. */
  public interface Answer {

    /** The totals of {@code step}, for one shard. */
    void totals(int shard, long step, List<Double> totals);
  }

  private final int shards;
  private final Answer answer;
  private final TreeMap<Long, OfStep> steps = new TreeMap<>();

  /** What has come of a step. */
  private static final class OfStep {

    final Set<Integer> shards = new HashSet<>();
    final Map<Node, List<Double>> sums = new HashMap<>();

    /** Null until every shard has told its part. */
    List<Double> totals;
  }

  /**
   * @param shards of the run
   */
  public StepTotals(int shards, Answer answer) {
    this.shards = shards;
    this.answer = answer;
  }

  /** A shard has all that leads to the next version but the totals of the step. */
  public void measured(int shard, long step, TotalsPart part) {
    if (steps.size() == STEPS_KEPT && step < steps.firstKey()) {
      return; // Every shard has done it.
    }
    OfStep of = steps.computeIfAbsent(step, s -> new OfStep());
    if (steps.size() > STEPS_KEPT) {
      steps.pollFirstEntry();
    }
    if (of.totals != null) {
      answer.totals(shard, step, of.totals);
    } else if (of.shards.add(shard)) {
      add(of, step, part);
    }
  }

  private void add(OfStep of, long step, TotalsPart part) {
    List<Node> subtrees = part.subtrees();
    int count = part.sums().size() / subtrees.size();
    for (int i = 0; i < subtrees.size(); i++) {
      of.sums.put(subtrees.get(i), part.sums().subList(i * count, (i + 1) * count));
    }
    if (of.shards.size() < shards) {
      return;
    }
    of.totals =
        IntStream.range(0, count)
            .mapToObj(total -> sum(of, Node.rootLevel(part.blocks()), 0, part.blocks(), total))
            .toList();
    for (int shard = 0; shard < shards; shard++) {
      answer.totals(shard, step, of.totals);
    }
  }

  private static double sum(OfStep of, int level, int index, int blocks, int total) {
    List<Double> sums = of.sums.get(new Node(level, index));
    if (sums != null) {
      return sums.get(total);
    }
    if (level == 0) {
      throw new IllegalStateException("totals: no shard has told of block " + index);
    }
    double left = sum(of, level - 1, 2 * index, blocks, total);
    int right = 2 * index + 1;
    return right < Node.nodesAt(level - 1, blocks)
        ? left + sum(of, level - 1, right, blocks, total)
        : left;
  }
}
