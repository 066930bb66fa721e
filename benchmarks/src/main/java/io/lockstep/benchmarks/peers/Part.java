package io.lockstep.benchmarks.peers;

import java.io.IOException;

/** One comparison, and what the document says of it. */
@FunctionalInterface
interface Part {

  /**
   * Measures, and adds headings, tables and notes to {@link Setting#out}.
   *
   * @throws IllegalStateException if a contestant fails
   */
  void measure(Setting setting) throws IOException, InterruptedException;
}
