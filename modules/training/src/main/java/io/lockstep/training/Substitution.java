package io.lockstep.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node computes in place of nodes that were lost, while a plan that includes them holds, or
 * that are late, in one step: whatever they may have left open, in the very subtrees in which they
 * would have sent it, so that of what they did send nothing is added twice.
 *
 * <p>All nodes that go on share the subtrees out among themselves by the same rule. A node that
 * learns late of a second loss may compute what another one does, too: the first answer wins, and
 * both have the same bits.
 *
 * <p>Thread-safe by its own lock; with {@link #concerns} it is taken only while the plan has lost
 * nodes.
 */
final class Substitution {

  /** In place of a step. */
  private static final long NO_STEP = -1;

  /** Part of a subtree that a lost node would have sent, up to {@code topLevel}. */
  record Work(Node node, int topLevel) {}

  /** A node that is late, and the step that it is late in. */
  private record LateIn(int node, long step) {}

  private final int node;
  private final Set<Integer> lost = new HashSet<>();

  private final Set<LateIn> late = new HashSet<>();

  /** The step of which this node does all that is open: who was to do some of it has not. */
  private long thorough = NO_STEP;

  private volatile boolean anyOut;

  /** The last plan that was seen to have no lost node. */
  private volatile Plan unharmed;

  /** Of an even step and of an odd one: those that can be open at once. */
  private final Claims[] steps = {new Claims(), new Claims()};

  private final Claims[] evaluations = new Claims[Evaluation.values().length];

  /**
   * @param node number of this node in plans
   */
  Substitution(int node) {
    this.node = node;
    for (int i = 0; i < evaluations.length; i++) {
      evaluations[i] = new Claims();
    }
  }

  synchronized void add(int lostNode) {
    lost.add(lostNode);
    anyOut = true;
    unharmed = null;
  }

  /**
   * A node that lives, and has not done its part of {@code step}, or of the evaluation of that
   * version, when others have. Said once more, another of these has stopped, too, and nobody knows
   * which: then each does it all.
   */
  synchronized void addLate(int lateNode, long step) {
    if (!late.add(new LateIn(lateNode, step))) {
      thorough = step;
    }
    anyOut = true;
    unharmed = null;
  }

  /** Whether {@code plan} may have lost nodes, or late ones. */
  boolean concerns(Plan plan) {
    return anyOut && plan != unharmed;
  }

  /**
   * The next part of {@code step} to be computed, for one caller only.
   *
   * @return null if there is none, or none left
   */
  synchronized Work claim(long step, Plan plan, int leaves, int maxLeaves) {
    Assignment assignment = plan.assignment(leaves, maxLeaves);
    List<Work> work = new ArrayList<>();
    List<Integer> able = able(plan, assignment, step);
    int next = 0;
    for (int position : positionsOfLost(plan, step)) {
      int from = assignment.firstUnit(position);
      int to = assignment.endUnit(position);
      for (Node top : Node.cover(from, to, leaves, Integer.MAX_VALUE)) {
        if (able.get(next++ % able.size()) == node || step == thorough) {
          Node.cover(top.first(), top.end(leaves), leaves, maxLeaves)
              .forEach(part -> work.add(new Work(part, top.level())));
        }
      }
    }
    return steps[(int) (step & 1)].firstOf(work, step);
  }

  /** As {@link #claim(long, Plan, int, int)}, of an evaluation of {@code version}. */
  synchronized Work claim(Evaluation evaluation, long version, Plan plan, int units, int maxUnits) {
    Assignment assignment = plan.assignment(units, maxUnits);
    List<Work> work = new ArrayList<>();
    List<Integer> able = goingOn(plan, version);
    int next = 0;
    for (int position : positionsOfLost(plan, version)) {
      int worker = plan.firstWorker(position);
      for (int slot = 0; slot < plan.shares().get(position).slots(); slot++) {
        for (Node part : assignment.nodes(worker + slot)) {
          if (able.get(next++ % able.size()) == node || version == thorough) {
            work.add(new Work(part, part.level()));
          }
        }
      }
    }
    return evaluations[evaluation.ordinal()].firstOf(work, version);
  }

  private List<Integer> positionsOfLost(Plan plan, long step) {
    late.removeIf(one -> one.step() + 1 < step); // Nothing of it is open any more.
    List<Integer> positions = new ArrayList<>();
    for (int position = 0; position < plan.shares().size(); position++) {
      if (isOut(plan.shares().get(position).node(), step)) {
        positions.add(position);
      }
    }
    if (positions.isEmpty() && late.isEmpty()) {
      unharmed = plan;
    }
    return positions;
  }

  private boolean isOut(int node, long step) {
    return lost.contains(node) || late.contains(new LateIn(node, step));
  }

  /** At least this node. */
  private List<Integer> goingOn(Plan plan, long step) {
    List<Integer> nodes = new ArrayList<>();
    plan.shares().stream().map(Plan.Share::node).filter(n -> !isOut(n, step)).forEach(nodes::add);
    return nodes.isEmpty() ? List.of(node) : nodes;
  }

  /**
   * Those who surely have the weights of the step, since they have leaves of it themselves; if
   * there are none, all.
   */
  private List<Integer> able(Plan plan, Assignment assignment, long step) {
    List<Integer> all = goingOn(plan, step);
    List<Integer> busy = all.stream().filter(n -> assignment.isBusy(plan.positionOf(n))).toList();
    return busy.isEmpty() ? all : busy;
  }

  /** What has been claimed of one sum; a later one begins anew. */
  private static final class Claims {

    private final Set<Node> claimed = new HashSet<>();
    private long version = -1;

    Work firstOf(List<Work> work, long of) {
      if (of > version) {
        version = of;
        claimed.clear();
      }
      return of < version
          ? null
          : work.stream().filter(w -> claimed.add(w.node())).findFirst().orElse(null);
    }
  }
}
