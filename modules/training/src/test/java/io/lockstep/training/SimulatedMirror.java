package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.Arrays;

/** The connection between a shard and its standby, both ways; fills it bucket by bucket. */
final class SimulatedMirror extends Schedule.Source implements Mirror {

  private final Schedule schedule;
  private final SimulatedShard primary;
  private final SimulatedShard standby;
  private final SimulatedLink there;
  private final SimulatedLink back;
  private final int number;
  private boolean begun;
  private boolean full;
  private boolean closed;

  SimulatedMirror(Schedule schedule, SimulatedShard primary, SimulatedShard standby, int number) {
    this.schedule = schedule;
    this.primary = primary;
    this.standby = standby;
    this.number = number;
    this.there = new SimulatedLink(schedule, primary + " to its standby");
    this.back = new SimulatedLink(schedule, "standby to " + primary);
    schedule.add(this);
    back.send(
        "hello",
        () -> {
          begun = true;
          primary.mirrorTo(this, number);
        });
  }

  @Override
  boolean isReady() {
    return begun && !full;
  }

  @Override
  void go() {
    full = !primary.host.mirroring().fillNext(this);
  }

  /** Of what is under way only the first part arrives. */
  void cut() {
    there.cut();
    back.cut();
    full = true;
  }

  /** Nothing arrives for a while. */
  void freezeLinks(boolean stands) {
    there.freeze(stands);
    back.freeze(stands);
  }

  /** Nothing arrives any more. */
  void close() {
    if (!closed) {
      closed = true;
      there.close();
      back.close();
      schedule.remove(this);
    }
  }

  int number() {
    return number;
  }

  SimulatedShard standby() {
    return standby;
  }

  boolean isTo(SimulatedShard shard) {
    return shard == standby;
  }

  // From the standby.

  void committed(int bucket, long version) {
    back.send(
        () -> "has bucket %d of version %d".formatted(bucket, version),
        () -> primary.host.mirroring().acknowledged(bucket, version));
  }

  void evaluated(Evaluation evaluation, long version) {
    back.send(
        () -> "has %s of %d".formatted(evaluation, version),
        () -> primary.host.mirroring().acknowledged(evaluation, version));
  }

  // To the standby.

  private float[] copy(int bucket, float[] values, int at) {
    return Arrays.copyOfRange(values, at, at + primary.length(bucket));
  }

  @Override
  public void state(long version, int bucket, int array, float[] values, int at) {
    float[] copy = copy(bucket, values, at);
    there.send(
        () -> "array %d of bucket %d of version %d".formatted(array, bucket, version),
        () -> standby.host.following().state(version, bucket, array, copy, 0));
  }

  @Override
  public void sums(long step, Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    there.send(() -> "sums of step " + step, () -> standby.host.following().sums(step, copy));
  }

  @Override
  public void totals(long step, double[] totals) {
    double[] copy = totals.clone();
    there.send(() -> "totals of step " + step, () -> standby.host.following().totals(step, copy));
  }

  @Override
  public void root(long step, int bucket, Partial root) {
    float[] copy = copy(bucket, root.values(), primary.at(bucket) - root.from());
    there.send(
        () -> "root of bucket %d of step %d".formatted(bucket, step),
        () -> {
          Partial received = standby.host.take(bucket);
          System.arraycopy(copy, 0, received.values(), 0, copy.length);
          standby.host.following().root(step, bucket, received);
        });
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    there.send(
        () -> "%s of %d is in".formatted(evaluation, version),
        () -> standby.host.following().evaluated(evaluation, version, copy));
  }
}
