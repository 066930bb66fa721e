package io.lockstep.forecast;

/**
 * What training a model costs where it was measured: in one process, for a few seconds, and without
 * any network. A forecast knows nothing else of a machine.
 *
 * @param machine where it was measured
 * @param passes what workers compute
 * @param aggregation what parameter servers compute
 * @param wire what it costs to send and to receive
 */
public record Profile(
    Machine machine, PassCosts passes, AggregationCosts aggregation, WireCosts wire) {

  /**
   * Where a profile was measured.
   *
   * @param cpu name of the processor
   * @param cores that this process may use
   * @param jdk version of the Java runtime
   * @param lockstep version and commit of this program
   */
  public record Machine(String cpu, int cores, String jdk, String lockstep) {}
}
