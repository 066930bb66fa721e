package io.lockstep.cli;

/** How long the runs of a scaling experiment are: equally long, so that they can be compared. */
sealed interface ScaleLength {

  /** So many steps. */
  record Steps(long steps) implements ScaleLength {}

  /** As many steps as the first cell takes until the steady ones have taken so many seconds. */
  record Seconds(int seconds) implements ScaleLength {}

  /** As many epochs as it takes to reach something. */
  record Until(ScaleTarget target) implements ScaleLength {}
}
