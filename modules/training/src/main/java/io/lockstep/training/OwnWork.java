package io.lockstep.training;

import java.util.List;

/** What a plan gives to one worker of a node. */
final class OwnWork {

  private OwnWork() {}

  /** Of a step: subtrees, each up to where the node has all leaves. */
  static List<Substitution.Work> of(Job job, Plan plan, int node, int slot, long step) {
    int leaves = job.leavesOf(step);
    int position = plan.positionOf(node);
    Assignment assignment = plan.assignment(leaves, job.maxLeaves());
    int from = assignment.firstUnit(position);
    int to = assignment.endUnit(position);
    return assignment.nodes(plan.firstWorker(position) + slot).stream()
        .map(n -> new Substitution.Work(n, Node.topLevel(n.level(), n.index(), leaves, from, to)))
        .toList();
  }
}
