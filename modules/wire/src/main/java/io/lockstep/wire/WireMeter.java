package io.lockstep.wire;

import io.lockstep.wire.WireSettings.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Measures what it costs the processors to send gradients: by frames of several sizes between two
 * data planes of this process, once each after a pause, as a backward pass hands them over, layer
 * by layer, so that the event loop that sends is woken for each, and so is the one that receives;
 * and once each right behind another, as buckets of one layer.
 *
 * <p>Sizes and ways take turns; each figure is a median, and a line through the sizes. Used by one
 * thread; whoever makes it closes it.
 */
public final class WireMeter implements AutoCloseable {

  private static final int[] FRAME_BYTES = {1 << 14, 1 << 16, 1 << 18, 1 << 20};

  /**
   * Some ten thousand frames each way: until then the JIT compiler is not done with what they do.
   */
  private static final int WARM_UP_ROUNDS = 100;

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final int ROUNDS = 12;

  /**
   * What one way for frames costs, in nanoseconds.
   *
   * @param behind of a frame right behind another
   * @param apart of a frame that comes a millisecond after another, while its sender computes:
   *     cores that have slept meanwhile, and caches that are used otherwise, cost it far more
   * @param loopWake from what an event loop waits for until it goes on, if it had nothing to do
   * @param wake from what ends a wait until a thread that has waited for long goes on
   */
  public record Costs(Frames behind, Frames apart, double loopWake, double wake) {}

  /**
   * What frames cost by their bytes, in nanoseconds.
   *
   * @param hand of the thread that computes and hands a frame over
   * @param send of the sender's event loop
   * @param receive of the receiver's event loop: it verifies the floats and puts them where they
   *     are added
   */
  public record Frames(Line hand, Line send, Line receive) {}

  private final NettyDataPlane worker;
  private final NettyDataPlane server;
  private final List<MeteredLink> links = new ArrayList<>();

  private WireMeter(Transport transport) {
    WireSettings settings = WireSettings.loopback(SharedKey.random()).by(transport);
    this.server = NettyDataPlane.start(settings);
    try {
      this.worker = NettyDataPlane.start(settings);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    try {
      for (int bytes : FRAME_BYTES) {
        links.add(new MeteredLink(worker, server, bytes));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Measures TCP over the loopback interface, as between machines but without their network. */
  public static WireMeter ofSockets() {
    return new WireMeter(Transport.TCP);
  }

  /** Measures what processes of one machine do: shared memory, where there is any. */
  public static WireMeter ofSharedMemory() {
    return new WireMeter(Transport.AUTO);
  }

  /**
   * Measures for some seconds; once.
   *
   * @throws MeasuringException if frames do not arrive
   */
  public Costs measure() {
    long since = System.nanoTime();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      links.forEach(MeteredLink::warmUp);
      if (System.nanoTime() - since > WARM_UP_NANOS) {
        break;
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      links.forEach(MeteredLink::measure);
    }
    return new Costs(
        frames(links.stream().filter(MeteredLink::hasSeveralFrames).toList(), MeteredLink::behind),
        frames(links, MeteredLink::apart),
        links.getFirst().loopWakeNanos(),
        links.getFirst().wakeNanos());
  }

  private static Frames frames(List<MeteredLink> links, Function<MeteredLink, FrameTimes> kind) {
    double[] bytes = links.stream().mapToDouble(MeteredLink::frameBytes).toArray();
    List<FrameTimes> times = links.stream().map(kind).toList();
    return new Frames(
        Line.through(bytes, times.stream().mapToDouble(FrameTimes::hand).toArray()),
        Line.through(bytes, times.stream().mapToDouble(FrameTimes::send).toArray()),
        Line.through(bytes, times.stream().mapToDouble(FrameTimes::receive).toArray()));
  }

  /** Ends all connections and threads. */
  @Override
  public void close() {
    try {
      links.forEach(MeteredLink::stop);
    } finally {
      try {
        worker.close();
      } finally {
        server.close();
      }
    }
  }

  /**
   * y = start + slope · x.
   *
   * @param start not below 0
   * @param slope not below 0
   */
  public record Line(double start, double slope) {

    double at(double x) {
      return start + slope * x;
    }

    /** An error counts as a part of what was measured, or of this part of the most. */
    private static final double LEAST = 0.25;

    /**
     * The line with the least squares of relative errors; neither of its figures is below 0.
     *
     * @param x above 0
     * @param y not below 0
     */
    static Line through(double[] x, double[] y) {
      double least = Math.max(1, LEAST * Arrays.stream(y).max().orElse(0));
      double weights = 0;
      double xs = 0;
      double ys = 0;
      double xxs = 0;
      double xys = 0;
      for (int i = 0; i < x.length; i++) {
        double error = Math.max(least, y[i]);
        double weight = 1 / (error * error);
        weights += weight;
        xs += weight * x[i];
        ys += weight * y[i];
        xxs += weight * x[i] * x[i];
        xys += weight * x[i] * y[i];
      }
      double slope = (weights * xys - xs * ys) / (weights * xxs - xs * xs);
      if (slope < 0) {
        return new Line(ys / weights, 0);
      }
      double start = (ys - slope * xs) / weights;
      return start < 0 ? new Line(0, xys / xxs) : new Line(start, slope);
    }
  }
}
