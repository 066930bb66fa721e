package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.trace.Tracer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down what it gets; its buckets all have the same length. */
final class CollectingHandler implements FrameHandler {

  /** The bucket whose floats travel in 16 bits. */
  static final int ROUNDED_BUCKET = 0;

  final List<String> frames = new ArrayList<>();
  final float[] theta;
  private final int bucketFloats;
  private final boolean wants;
  Tracer tracer = Tracer.OFF;

  CollectingHandler(int buckets, int bucketFloats, boolean wants) {
    this.theta = new float[buckets * bucketFloats];
    this.bucketFloats = bucketFloats;
    this.wants = wants;
  }

  @Override
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) {
    GradientFormat format =
        header.bucket == ROUNDED_BUCKET ? GradientFormat.BFLOAT16 : GradientFormat.FLOAT32;
    expected.set(null, 0, bucketFloats, format);
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    target.values = wants ? theta : null;
    target.at = header.bucket * bucketFloats;
  }

  @Override
  public void floats(FrameHeader header) {
    int at = header.bucket * bucketFloats;
    frames.add(
        describe(header) + Arrays.toString(Arrays.copyOfRange(theta, at, at + bucketFloats)));
  }

  @Override
  public void message(FrameHeader header, Object payload) {
    String text = payload instanceof Messages.Hello hello ? hello.name() : "" + payload;
    frames.add(describe(header) + (payload instanceof Sums || payload == null ? payload : text));
  }

  @Override
  public void closed(String why) {
    frames.add("closed: " + why);
  }

  private static String describe(FrameHeader header) {
    return "%s run %d configuration %d step %d bucket %d node (%d, %d) of %d plan %d: "
        .formatted(
            header.type,
            header.run,
            header.configuration,
            header.step,
            header.bucket,
            header.level,
            header.index,
            header.units,
            header.plan);
  }
}
