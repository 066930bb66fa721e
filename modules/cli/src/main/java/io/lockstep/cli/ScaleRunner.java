package io.lockstep.cli;

/** Makes runs, one at a time. */
interface ScaleRunner {

  /**
   * Makes a run; returns when it has ended well, and its folder is complete.
   *
   * @throws ScaleException if it did not
   */
  void run(ScaleJob job);
}
