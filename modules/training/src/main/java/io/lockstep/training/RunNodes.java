package io.lockstep.training;

/** The nodes of a run, for what concerns the cluster besides the run's course. */
public interface RunNodes {

  /**
   * A node does not count any more, though it may live: whatever it had of the run is of no more
   * use. Nothing happens if it is gone.
   */
  void expel(int node, String why);

  /** As {@link #expel(int, String)}, of the node of that name. */
  void expel(String name, String why);

  /** Tells a server, if it is there, that a standby of its shard does not count. */
  void doesNotCount(int server, int shard, int standby);
}
