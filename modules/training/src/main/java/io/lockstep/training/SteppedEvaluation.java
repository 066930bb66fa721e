package io.lockstep.training;

import java.util.ArrayDeque;

/** What a {@link SteppedReplica} does of an evaluation whose version is there. */
final class SteppedEvaluation {

  private final Job job;
  private final NodeExchange exchange;
  private final int slot;
  private final SteppedPasses passes;
  private final int mostUnits;
  private final ArrayDeque<Node> own = new ArrayDeque<>();
  private Of of;

  /** Null while nothing is computed. */
  private SteppedPass pass;

  /** What is to be evaluated, and under which plan. */
  record Of(Evaluation evaluation, long version, Plan plan) {}

  SteppedEvaluation(Job job, NodeExchange exchange, int slot, SteppedPasses passes) {
    this.job = job;
    this.exchange = exchange;
    this.slot = slot;
    this.passes = passes;
    this.mostUnits = Math.max(1, Replica.passRows(job) / Evaluation.UNIT_ROWS);
  }

  /**
   * Looks at an evaluation.
   *
   * @return whether there is anything to evaluate, by this node
   */
  boolean begin(Of next) {
    of = next;
    pass = null;
    own.clear();
    return of.evaluation().rows(job).size() > 0 && of.plan().positionOf(exchange.node()) >= 0;
  }

  /** The version that it needs. */
  long version() {
    return of.version();
  }

  /** The version is there: begins with its own part. */
  void takeOwnPart() {
    int worker = of.plan().firstWorker(of.plan().positionOf(exchange.node())) + slot;
    own.addAll(of.plan().assignment(units(), mostUnits).nodes(worker));
  }

  private int units() {
    return of.evaluation().units(job);
  }

  /** Whether {@link #go} may be called: nothing is computed, or its next part can be done. */
  boolean isReady() {
    return pass == null || pass.isReady();
  }

  /**
   * Goes on with units of its own, or else some that others have left open.
   *
   * @return whether there are none
   */
  boolean go() {
    if (pass != null) {
      pass = pass.go() ? null : pass;
      return false;
    }
    Node next = own.isEmpty() ? claim() : own.poll();
    if (next != null) {
      pass = passes.evaluate(of.evaluation(), of.version(), next, units());
    }
    return next == null;
  }

  private Node claim() {
    Substitution.Work work =
        exchange.claim(of.evaluation(), of.version(), of.plan(), units(), mostUnits);
    return work == null ? null : work.node();
  }

  /** Whether every unit is in, whoever evaluated it. */
  boolean isComplete() {
    return exchange.isEvaluated(of.evaluation(), of.version());
  }
}
