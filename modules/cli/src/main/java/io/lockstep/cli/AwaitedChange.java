package io.lockstep.cli;

import java.util.Collection;

/**
 * What a run stands still for.
 *
 * @param node the worker process that comes or goes
 * @param joins whether it comes
 */
record AwaitedChange(String node, boolean joins) {

  /** Whether it is done once these nodes compute: another change is none of it. */
  boolean isDoneBy(Collection<String> nodes) {
    return nodes.contains(node) == joins;
  }
}
