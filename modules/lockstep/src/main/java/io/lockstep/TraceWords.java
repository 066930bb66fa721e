package io.lockstep;

import io.lockstep.model.RunFolder;
import io.lockstep.training.trace.RunTrace;
import java.util.StringJoiner;

/** What people are told of a timeline that was written. */
final class TraceWords {

  private TraceWords() {}

  /** Such as {@code trace.json, steps 200 to 239, without worker-1 (it was lost)}. */
  static String of(RunTrace trace) {
    StringJoiner words = new StringJoiner(", ").add(RunFolder.TRACE).add(steps(trace));
    trace.missing().forEach((node, why) -> words.add("without %s (%s)".formatted(node, why)));
    if (trace.dropped() > 0) {
      words.add("%,d slices had no room: name fewer steps".formatted(trace.dropped()));
    }
    return words.toString();
  }

  private static String steps(RunTrace trace) {
    String steps = "steps %d to %d".formatted(trace.window().first(), trace.window().end() - 1);
    return trace.isEmpty() ? "which is empty: none of " + steps + " was done" : steps;
  }
}
