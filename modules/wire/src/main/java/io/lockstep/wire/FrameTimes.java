package io.lockstep.wire;

import io.lockstep.training.Median;
import java.util.ArrayList;
import java.util.List;

/** What frames of one size cost, in nanoseconds: medians of what was measured. */
final class FrameTimes {

  private final List<Double> hands = new ArrayList<>();
  private final List<Double> sends = new ArrayList<>();
  private final List<Double> receives = new ArrayList<>();

  /** Of a frame, the thread that computes. */
  void addHand(long nanos) {
    hands.add((double) nanos);
  }

  /** Of each frame of a round, the event loops' time. */
  void add(double send, double receive) {
    sends.add(send);
    receives.add(receive);
  }

  double hand() {
    return median(hands);
  }

  double send() {
    return median(sends);
  }

  double receive() {
    return median(receives);
  }

  private static double median(List<Double> nanos) {
    return Median.of(nanos.stream().mapToDouble(Double::doubleValue));
  }
}
