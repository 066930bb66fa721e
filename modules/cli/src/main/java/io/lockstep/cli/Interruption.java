package io.lockstep.cli;

/** What happens to a run on purpose at a step, at which the run stands still. */
sealed interface Interruption permits MembershipChange, Fault, Hold {

  /** Steps that are done before. */
  long step();
}
