package io.lockstep.benchmarks.forecast;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Parameter;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A layer with the parameters of a dense one that waits for as long as that one computes: so a few
 * cores can be many machines. Output and gradients are zero, and travel like any others.
 *
 * <p>A thread that waits wakes up some 50 µs late; each wait is shortened by what the one before it
 * took too long, so that together they take what they should.
 */
public final class ReplayLayer implements CustomLayer {

  private final List<Parameter> parameters;
  private final int units;
  private final long forwardNanos;
  private final long backwardNanos;

  /** How much later the last wait ended than it should have; of a layer for one pass. */
  private long lateNanos;

  /**
   * @param options {@code units}, and for each leaf {@code forwardNanos} and {@code backwardNanos}
   */
  public ReplayLayer(int in, LayerOptions options) {
    this(
        List.of(
            Parameter.matrix("W", in, options.count("units"), Initializer.LECUN_NORMAL),
            Parameter.vector("b", options.count("units"), 0)),
        options.count("forwardNanos"),
        options.count("backwardNanos"));
  }

  /** In the place of a dense layer. */
  static ReplayLayer dense(int in, int units, LayerTimes.Layer times) {
    return new ReplayLayer(
        List.of(
            Parameter.matrix("W", in, units, Initializer.LECUN_NORMAL),
            Parameter.vector("b", units, 0)),
        times.forwardNanos(),
        times.backwardNanos());
  }

  private ReplayLayer(List<Parameter> parameters, long forwardNanos, long backwardNanos) {
    this.parameters = parameters;
    this.units = parameters.getFirst().columns();
    this.forwardNanos = forwardNanos;
    this.backwardNanos = backwardNanos;
  }

  @Override
  public int width() {
    return units;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public String kind() {
    return "replay";
  }

  /** With a lateness of its own. */
  @Override
  public CustomLayer forPass(Kernels kernels, int maxRows, boolean wantsInputGradient) {
    return new ReplayLayer(parameters, forwardNanos, backwardNanos);
  }

  @Override
  public void forward(Leaf leaf) {
    if (leaf.training()) {
      await(forwardNanos);
    }
  }

  @Override
  public void backward(Leaf leaf) {
    await(backwardNanos);
  }

  private void await(long nanos) {
    long deadline = System.nanoTime() + nanos - lateNanos;
    long left = deadline - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(this, left);
      left = deadline - System.nanoTime();
    }
    lateNanos = Math.min(-left, nanos);
  }
}
