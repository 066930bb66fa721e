package io.lockstep.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node computes besides its usual part: in place of nodes that were lost, while a plan that
 * includes them holds, or that are late, in one step: whatever they may have left open, in the very
 * subtrees in which they would have sent it, so that of what they did send nothing is added twice.
 * And once more what it has done itself, where the server that had it was lost.
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

  /** The steps, and the versions of evaluations, of which this node's own part is done again. */
  private long redoFrom = NO_STEP;

  private long redoTo = NO_STEP;

  /** The step of which this node does all that is open: who was to do some of it has not. */
  private long thorough = NO_STEP;

  private volatile boolean anyOut;

  /** The last plan that was seen to have nothing to be done for it any more. */
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

  /**
   * What was given to a server of {@code newest} and of the step before may be lost: this node's
   * own part of them is to be done again, and what it did in place of others.
   */
  synchronized void redo(long newest) {
    redoFrom = newest - 1;
    redoTo = newest;
    for (Claims claims : steps) {
      claims.clear();
    }
    for (Claims claims : evaluations) {
      claims.clear();
    }
    anyOut = true;
    unharmed = null;
  }

  private boolean isDoneAgain(long step) {
    return step >= redoFrom && step <= redoTo;
  }

  /** Whether {@code plan} may have lost nodes or late ones, or something may be done again. */
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
    if (isDoneAgain(step)) {
      addOwn(assignment, plan, leaves, work);
    }
    List<Integer> able = able(plan, assignment, step);
    int next = 0;
    for (int position : positionsOfLost(plan, step)) {
      for (Node top : tops(assignment, position, leaves)) {
        if (able.get(next++ % able.size()) == node || step == thorough) {
          add(top, leaves, maxLeaves, work);
        }
      }
    }
    return steps[(int) (step & 1)].firstOf(work, step);
  }

  /** In the same parts as before, of which some may be under way. */
  private void addOwn(Assignment assignment, Plan plan, int leaves, List<Work> work) {
    int position = plan.positionOf(node);
    int from = assignment.firstUnit(position);
    int to = assignment.endUnit(position);
    for (Work part : units(assignment, plan, position)) {
      Node of = part.node();
      work.add(new Work(of, Node.topLevel(of.level(), of.index(), leaves, from, to)));
    }
  }

  /** The subtrees that a node sends. */
  private static List<Node> tops(Assignment assignment, int position, int leaves) {
    return Node.cover(
        assignment.firstUnit(position), assignment.endUnit(position), leaves, Integer.MAX_VALUE);
  }

  private static void add(Node top, int leaves, int maxLeaves, List<Work> work) {
    Node.cover(top.first(), top.end(leaves), leaves, maxLeaves)
        .forEach(part -> work.add(new Work(part, top.level())));
  }

  /** Something that was claimed of {@code step} has not been computed. */
  synchronized void giveBack(long step, Work work) {
    steps[(int) (step & 1)].claimed.remove(work.node());
  }

  /** As {@link #claim(long, Plan, int, int)}, of an evaluation of {@code version}. */
  synchronized Work claim(Evaluation evaluation, long version, Plan plan, int units, int maxUnits) {
    Assignment assignment = plan.assignment(units, maxUnits);
    List<Work> work = new ArrayList<>();
    List<Integer> able = goingOn(plan, version);
    if (isDoneAgain(version)) {
      units(assignment, plan, plan.positionOf(node)).forEach(work::add);
    }
    int next = 0;
    for (int position : positionsOfLost(plan, version)) {
      for (Work part : units(assignment, plan, position)) {
        if (able.get(next++ % able.size()) == node || version == thorough) {
          work.add(part);
        }
      }
    }
    return evaluations[evaluation.ordinal()].firstOf(work, version);
  }

  private static List<Work> units(Assignment assignment, Plan plan, int position) {
    List<Work> units = new ArrayList<>();
    int worker = plan.firstWorker(position);
    for (int slot = 0; slot < plan.shares().get(position).slots(); slot++) {
      assignment.nodes(worker + slot).forEach(part -> units.add(new Work(part, part.level())));
    }
    return units;
  }

  private List<Integer> positionsOfLost(Plan plan, long step) {
    late.removeIf(one -> one.step() + 1 < step); // Nothing of it is open any more.
    List<Integer> positions = new ArrayList<>();
    for (int position = 0; position < plan.shares().size(); position++) {
      if (isOut(plan.shares().get(position).node(), step)) {
        positions.add(position);
      }
    }
    if (positions.isEmpty() && late.isEmpty() && redoTo < step) {
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

    void clear() {
      claimed.clear();
    }

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
