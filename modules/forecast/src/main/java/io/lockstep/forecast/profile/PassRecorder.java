package io.lockstep.forecast.profile;

import io.lockstep.forecast.PassScript.Await;
import io.lockstep.forecast.PassScript.Part;
import io.lockstep.forecast.PassScript.Ready;
import io.lockstep.forecast.PassScript.SumsReady;
import io.lockstep.nn.PassListener;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Writes down what a pass calls its listener for, and the time between. What cannot hold a pass up
 * and sends nothing is left out: a bucket is awaited once, with the first of its floats that is
 * read, and ready with the last of its floats that is final. So a script is as long as there are
 * buckets, however finely a layer reports, and tells a replica's exchange the same.
 */
final class PassRecorder implements PassListener {

  private final Buckets buckets;
  private final BitSet awaited = new BitSet();
  private final int[] open;
  private final List<Part> calls = new ArrayList<>();
  private final long[] nanos;
  private long since;

  PassRecorder(Buckets buckets) {
    this.buckets = buckets;
    this.open = new int[buckets.count()];
    this.nanos = new long[2 * buckets.count() + 2];
  }

  /** A pass begins, with the loading of its rows. */
  void begin() {
    calls.clear();
    awaited.clear();
    for (int bucket = 0; bucket < open.length; bucket++) {
      open[bucket] = buckets.to(bucket) - buckets.from(bucket);
    }
    since = System.nanoTime();
  }

  /**
   * The pass has ended.
   *
   * @return nanoseconds before each of the calls, and after the last
   */
  long[] end() {
    tick();
    return Arrays.copyOf(nanos, calls.size() + 1);
  }

  /** What was called for, in order. */
  List<Part> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void awaitWeights(int from, int to) {
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      if (!awaited.get(bucket)) {
        awaited.set(bucket);
        called(new Await(buckets.from(bucket), buckets.to(bucket)));
      }
    }
  }

  @Override
  public void sumsReady(Sums node) {
    called(new SumsReady());
  }

  @Override
  public void gradientReady(int from, int to) {
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      open[bucket] -= Math.min(to, buckets.to(bucket)) - Math.max(from, buckets.from(bucket));
      if (open[bucket] == 0) {
        called(new Ready(buckets.from(bucket), buckets.to(bucket)));
      }
    }
  }

  private void called(Part part) {
    tick();
    calls.add(part);
  }

  private void tick() {
    long now = System.nanoTime();
    nanos[calls.size()] = now - since;
    since = now;
  }
}
