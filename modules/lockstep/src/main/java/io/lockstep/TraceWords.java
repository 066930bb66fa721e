package io.lockstep;

import io.lockstep.model.RunFolder;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceWindow;
import java.util.LongSummaryStatistics;
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
    TraceWindow window = trace.window();
    String wanted = "%d to %d".formatted(window.first(), window.end() - 1);
    LongSummaryStatistics done = trace.done();
    if (done.getCount() == 0) {
      return "which is empty: none of steps " + wanted + " was done";
    }
    String steps = "%d to %d".formatted(done.getMin(), done.getMax());
    return "steps " + steps + (steps.equals(wanted) ? "" : " of " + wanted);
  }
}
