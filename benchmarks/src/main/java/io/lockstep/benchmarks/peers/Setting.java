package io.lockstep.benchmarks.peers;

import java.io.IOException;

/**
 * What all parts share.
 *
 * @param options of the command line
 * @param cores that may be used
 * @param quiet sees whether they are quiet
 * @param peers that are here
 * @param out the document
 */
record Setting(Options options, Cores cores, Quiet quiet, Peers peers, Markdown out) {

  /** The core of measurements on one. */
  Cores oneCore() {
    return cores.last(1);
  }

  /** The cores of measurements on two. */
  Cores twoCores() {
    return cores.last(2);
  }

  /** Measurements to be taken in turn, on so many cores. */
  Turns turns(int count) {
    return new Turns(quiet, count);
  }

  /**
   * Refuses what needs two cores where there is one.
   *
   * @throws IllegalStateException if there is one
   */
  void requireTwoCores() {
    if (cores.count() < 2) {
      throw new IllegalStateException(
          "expected two cores but found one: " + cores.numbers() + "; allow it more (taskset)");
    }
  }

  /** Says how to get oneDNN, where it is missing. */
  void remarkOnOneDnn() throws IOException {
    if (peers.oneDnn().isEmpty()) {
      out.paragraph(Peers.NO_ONEDNN);
    }
  }

  /** Says how to get PyTorch, where it is missing. */
  void remarkOnTorch() throws IOException {
    if (!peers.hasTorch()) {
      out.paragraph(Peers.NO_TORCH);
    }
  }
}
