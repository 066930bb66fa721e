package io.lockstep.forecast;

/**
 * What training a model costs where it was measured: in one process, for some 20 seconds, and
 * without any network. A forecast knows nothing else of a machine.
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
   * @param taken share of the time that the processor did not give to passes which were measured,
   *     from 0 to 1: other programs computed, and figures are too high
   */
  public record Machine(String cpu, int cores, String jdk, String lockstep, double taken) {}
}
