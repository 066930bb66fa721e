package io.lockstep.cli;

/** What happens to a run on purpose at a step, at which the run stands still. */
sealed interface Interruption permits MembershipChange, Fault, Hold {

  /** Steps that are done before. */
  long step();

  /** The option that asks for it, such as {@code --chaos 100:kill:worker-1}. */
  String option();
}
