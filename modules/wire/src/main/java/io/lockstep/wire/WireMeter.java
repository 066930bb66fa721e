package io.lockstep.wire;

import io.lockstep.wire.WireSettings.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Measures what it costs the processors to send gradients: by frames of several sizes between two
 * data planes of this process, one after another, as a backward pass hands them over. The event
 * loop that sends is woken for each, and so is the one that receives.
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
   * @param hand of the thread that computes and hands a frame over, apart from its bytes
   * @param handByte of the same for each byte
   * @param send of the sender's event loop for each frame
   * @param sendByte of the same for each byte
   * @param receive of the receiver's event loop for each frame: it verifies the floats and puts
   *     them where they are added
   * @param receiveByte of the same for each byte
   * @param loopWake from what an event loop waits for until it goes on, if it had nothing to do
   * @param wake from what ends a wait until a thread that has waited for long goes on
   */
  public record Costs(
      double hand,
      double handByte,
      double send,
      double sendByte,
      double receive,
      double receiveByte,
      double loopWake,
      double wake) {}

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
   * Measures for some seconds; once. Each frame comes a millisecond after the one before, while its
   * sender computes: cores that have slept meanwhile, and caches that are used otherwise, cost a
   * frame far more than right behind another.
   *
   * @throws MeasuringException if frames do not arrive
   */
  public Costs measure() {
    long since = System.nanoTime();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      links.forEach(link -> link.round(0));
      if (System.nanoTime() - since > WARM_UP_NANOS) {
        break;
      }
    }
    links.forEach(MeteredLink::forget);
    for (int round = 0; round < ROUNDS; round++) {
      links.forEach(link -> link.round(MeteredLink.PAUSE_NANOS));
    }
    Line hand = line(links.stream().mapToDouble(MeteredLink::handNanos));
    Line send = line(links.stream().mapToDouble(MeteredLink::sendNanos));
    Line receive = line(links.stream().mapToDouble(MeteredLink::receiveNanos));
    return new Costs(
        hand.start(),
        hand.slope(),
        send.start(),
        send.slope(),
        receive.start(),
        receive.slope(),
        links.getFirst().loopWakeNanos(),
        links.getFirst().wakeNanos());
  }

  private static Line line(DoubleStream nanos) {
    return Line.through(Arrays.stream(FRAME_BYTES).asDoubleStream().toArray(), nanos.toArray());
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

  /** y = start + slope · x. */
  record Line(double start, double slope) {

    /**
     * The line with the least squares of relative errors; neither of its figures is below 0.
     *
     * @param x above 0
     * @param y below 1 as good as 1
     */
    static Line through(double[] x, double[] y) {
      double weights = 0;
      double xs = 0;
      double ys = 0;
      double xxs = 0;
      double xys = 0;
      for (int i = 0; i < x.length; i++) {
        double error = Math.max(1, y[i]);
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
