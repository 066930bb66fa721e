package io.lockstep.training;

import java.util.ArrayDeque;

/**
 * What a {@link SteppedReplica} does of a step besides its own part, and before that of the step
 * before, since its weights wait for it: its own part, where the step was superseded before it came
 * to it, and whatever others have left open. A further call has it begin anew.
 */
final class SteppedSubstitution {

  private final Job job;
  private final NodeExchange exchange;
  private final int slot;
  private final SteppedPasses passes;

  /** The newest step of which the replica has done its own part, or is making up for it. */
  private long ownStep = -1;

  /** What that was before it began to make up for a step. */
  private long ownStepBefore = -1;

  private final ArrayDeque<Substitution.Work> own = new ArrayDeque<>();
  private long last;
  private long at;

  /** Null while nothing is computed; what was claimed, null for a pass over the own part. */
  private SteppedPass pass;

  private Substitution.Work claimed;

  SteppedSubstitution(Job job, NodeExchange exchange, int slot, SteppedPasses passes) {
    this.job = job;
    this.exchange = exchange;
    this.slot = slot;
    this.passes = passes;
  }

  /** The replica has done its own part of a step. */
  void ownPartDone(long step) {
    ownStep = step;
  }

  /** Begins with a step and the one before. */
  void begin(long step) {
    last = step;
    beginAnew();
  }

  private void beginAnew() {
    at = Math.max(0, last - 1);
  }

  /** Whether it cannot go on, since weights are missing. */
  boolean waits() {
    return pass != null && !pass.isReady();
  }

  /**
   * Does the next thing: a part of a pass if weights are there, else what a call asks for.
   *
   * @return whether all is done
   */
  boolean go() {
    if (pass == null) {
      return !beginPass() && ++at > last;
    }
    if (!pass.isReady()) {
      answer();
    } else if (pass.go()) {
      pass = null;
    }
    return false;
  }

  /** Returns false if nothing is open of the step that it is at. */
  private boolean beginPass() {
    Plan open = exchange.openPart(at);
    if (at > ownStep && open != null) {
      ownStepBefore = ownStep;
      ownStep = at;
      own.addAll(OwnWork.of(job, open, exchange.node(), slot, at));
    }
    int leaves = job.leavesOf(at);
    claimed = own.isEmpty() ? claim(leaves) : null;
    Substitution.Work next = own.isEmpty() ? claimed : own.poll();
    if (next != null) {
      pass = passes.train(at, next.node(), leaves, next.topLevel());
    }
    return next != null;
  }

  private Substitution.Work claim(int leaves) {
    return exchange.mayClaim(at) ? exchange.claim(at, leaves, job.maxLeaves()) : null;
  }

  private void answer() {
    abandon();
    if (claimed == null) {
      ownStep = ownStepBefore;
    } else {
      exchange.giveBack(at, claimed);
    }
    exchange.answer(slot);
    beginAnew();
  }

  /** Gives up what is under way. */
  void abandon() {
    pass = null;
    own.clear();
  }
}
