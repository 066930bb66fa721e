package io.lockstep.forecast;

/** What a step can be short of. */
public enum Resource {
  /** The cores of worker nodes: passes, what they add, and what frames cost them. */
  COMPUTE,
  /** The links of worker nodes. */
  WORKER_LINK,
  /** The links of parameter servers. */
  SERVER_LINK,
  /** The cores of parameter servers: sums, updates, and what frames cost them. */
  AGGREGATION,
  /** Nodes that are slower than the others. */
  STRAGGLERS,
  /** The time that a bit travels. */
  LATENCY
}
