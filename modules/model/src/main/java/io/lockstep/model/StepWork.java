package io.lockstep.model;

/**
 * What workers did in one step, which tells where its time went. For worker i of W let c, g and w
 * be the time that it computes, hands on gradients, and waits; a what of g is adding, and s how
 * long the node whose servers add longest adds in a step. Then
 *
 * <pre>
 *   compute     = Σc / W
 *   slowest     = Σw / W − min w                          others are awaited
 *   aggregation = Σa / W + min(s, min w)
 *   give        = Σg / W − Σa / W
 *   exposed     = min w − min(s, min w)                   even the slowest waits: for messages
 * </pre>
 *
 * whose sum is the time of the step. Servers add while workers compute, too, and with several
 * threads at once; when, nobody has noted. So workers wait for adding at most as long as {@code
 * aggregation} says, and for messages at least as long as {@code exposed}.
 *
 * @param workers W
 * @param compute Σc
 * @param give Σg
 * @param added Σa, of which no more counts than Σg
 * @param waiting Σw
 * @param leastWaiting min w; infinite of no worker
 */
public record StepWork(
    int workers, double compute, double give, double added, double waiting, double leastWaiting) {

  /** Of nobody. */
  public static final StepWork NONE = new StepWork(0, 0, 0, 0, 0, Double.POSITIVE_INFINITY);

  /** Of the workers of both. */
  public StepWork plus(StepWork other) {
    return new StepWork(
        workers + other.workers,
        compute + other.compute,
        give + other.give,
        added + other.added,
        waiting + other.waiting,
        Math.min(leastWaiting, other.leastWaiting));
  }

  /**
   * The parts of the step; there is a worker, at least.
   *
   * @param served s
   */
  public StepParts parts(double served) {
    double gave = give / workers;
    double addedByEach = Math.min(added / workers, gave);
    double awaited = Math.min(served, leastWaiting);
    return new StepParts(
        compute / workers,
        gave - addedByEach,
        addedByEach + awaited,
        leastWaiting - awaited,
        waiting / workers - leastWaiting);
  }
}
