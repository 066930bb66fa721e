package io.lockstep.wire;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientSender;
import io.lockstep.training.Job;
import io.lockstep.training.Median;
import io.lockstep.training.Node;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.PartialPool;
import io.lockstep.training.Plan;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.Theta;
import io.lockstep.training.TotalsPart;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A run of one worker and one server that never gets beyond its first gradient: that is given again
 * and again, in frames of one size. The server takes the first and waits for another worker's; what
 * comes after it, it receives and verifies, and drops as here already. So nothing is measured but
 * the way.
 */
final class MeteredLink {

  private static final int FRAMES = 32;
  private static final int WAKES = 60;
  private static final int LEAVES = 2;
  private static final int SLOT = 0;
  private static final long LOOK_NANOS = 10_000;

  /**
   * A step of a small network: for so long event loops have nothing to do, and their cores sleep.
   */
  private static final long PAUSE_NANOS = 1_000_000;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final NettyDataPlane server;
  private final List<Thread> sending;
  private final List<Thread> receiving;
  private final Buckets buckets;
  private final NodeExchange exchange;
  private final GradientSender sender;
  private final int frameBytes;
  private final FrameTimes apart = new FrameTimes();
  private final FrameTimes behind = new FrameTimes();
  private final List<Double> ways = new ArrayList<>();

  MeteredLink(NettyDataPlane worker, NettyDataPlane server, int frameBytes) {
    this.server = server;
    this.frameBytes = frameBytes;
    this.sending = worker.eventLoops();
    this.receiving = server.eventLoops();
    Job job = MeteredJob.of(LEAVES);
    Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
    int parameters = job.network().parameters().packedLength();
    this.buckets = new Buckets(parameters, frameBytes, 1);
    RunIdentity run = new RunIdentity(ThreadLocalRandom.current().nextLong(), frameBytes);
    Theta theta = server.theta(buckets, 0);
    server.serve(run, new ShardHost(job, buckets, kernels, 0, theta, new Untold()));
    this.exchange =
        worker.connect(run, "meter", job, buckets, kernels, 0, 1, List.of(server.endpoint()));
    exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    await(
        () -> IntStream.range(0, buckets.count()).noneMatch(bucket -> exchange.wants(bucket, 0)),
        "the first weights have arrived");
    this.sender =
        new GradientSender(exchange, buckets, new PartialPool(parameters, buckets.count()), SLOT);
  }

  int frameBytes() {
    return frameBytes;
  }

  /** Whether a gradient is several frames, so that one may come right behind another. */
  boolean hasSeveralFrames() {
    return buckets.count() > 1;
  }

  /** Some frames each way, of which nothing is kept. */
  void warmUp() {
    for (int frames = 0; frames < FRAMES; frames += buckets.count()) {
      burst(new FrameTimes());
    }
  }

  /** Some frames after pauses, then some right behind each other. */
  void measure() {
    long sent = cpuNanos(sending);
    long received = cpuNanos(receiving);
    int frames = 0;
    while (frames < FRAMES) {
      begin();
      for (int bucket = 0; bucket < buckets.count(); bucket++) {
        sendApart(bucket);
      }
      frames += buckets.count();
    }
    double send = (double) (cpuNanos(sending) - sent) / frames;
    double receive = (double) (cpuNanos(receiving) - received) / frames;
    apart.add(send, receive);
    if (hasSeveralFrames()) {
      measureBehind(send, receive);
    }
  }

  /**
   * The first frame of each gradient is after a pause, and cost what it did a moment ago; what is
   * left for the others is a difference, so that noise could make it negative.
   */
  private void measureBehind(double firstSend, double firstReceive) {
    long sent = cpuNanos(sending);
    long received = cpuNanos(receiving);
    int gradients = 0;
    while (gradients * buckets.count() < FRAMES) {
      pause();
      burst(behind);
      gradients++;
    }
    int frames = gradients * (buckets.count() - 1);
    double send = (cpuNanos(sending) - sent - gradients * firstSend) / frames;
    double receive = (cpuNanos(receiving) - received - gradients * firstReceive) / frames;
    behind.add(Math.clamp(send, 0, firstSend), Math.clamp(receive, 0, firstReceive));
  }

  private void begin() {
    sender.begin(0, new Node(0, 0), LEAVES, 0);
    var _ = sender.takeGradient();
  }

  private static long cpuNanos(List<Thread> threads) {
    long nanos = 0;
    for (Thread thread : threads) {
      nanos += cpuNanos(thread);
    }
    return nanos;
  }

  private static long cpuNanos(Thread thread) {
    long nanos = THREADS.getThreadCpuTime(thread.threadId());
    if (nanos < 0) {
      throw new MeasuringException(
          "measuring frames: expected the CPU time of %s, found that this JVM does not tell it; a profile measured elsewhere can be read (--profile)"
              .formatted(thread.getName()));
    }
    return nanos;
  }

  private static void pause() {
    long begun = System.nanoTime();
    spin(() -> System.nanoTime() - begun >= PAUSE_NANOS, "a pause is over");
  }

  private void sendApart(int bucket) {
    long before = server.traffic().framesReceived();
    pause();
    long since = System.nanoTime();
    hand(bucket);
    apart.addHand(System.nanoTime() - since);
    awaitFrames(before + 1);
    ways.add((double) (System.nanoTime() - since));
  }

  private void burst(FrameTimes times) {
    long before = server.traffic().framesReceived();
    begin();
    hand(0);
    for (int bucket = 1; bucket < buckets.count(); bucket++) {
      long since = System.nanoTime();
      hand(bucket);
      times.addHand(System.nanoTime() - since);
    }
    awaitFrames(before + buckets.count());
  }

  private void hand(int bucket) {
    sender.gradientReady(buckets.from(bucket), buckets.to(bucket));
  }

  private void awaitFrames(long wanted) {
    spin(() -> server.traffic().framesReceived() >= wanted, "frames have arrived");
  }

  /** Keeps a core busy, as computing does. */
  private static void spin(BooleanSupplier condition, String what) {
    long since = System.nanoTime();
    while (!condition.getAsBoolean()) {
      requireTime(since, what);
      Thread.onSpinWait();
    }
  }

  private static void await(BooleanSupplier condition, String what) {
    long since = System.nanoTime();
    while (!condition.getAsBoolean()) {
      requireTime(since, what);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static void requireTime(long since, String what) {
    if (System.nanoTime() - since > PATIENCE_NANOS || Thread.currentThread().isInterrupted()) {
      throw new MeasuringException(
          "measuring frames: expected that %s within 10 s, found that it has not, or that this was interrupted; measure while nothing else runs, or read a profile (--profile)"
              .formatted(what));
    }
  }

  /** Of a frame after a pause. */
  FrameTimes apart() {
    return apart;
  }

  /** Of a frame right behind another, where there are such. */
  FrameTimes behind() {
    return behind;
  }

  /**
   * Until an event loop that has waited goes on, of the two on a frame's way: what is left of the
   * way's time without what it costs.
   */
  double loopWakeNanos() {
    double way = Median.of(ways.stream().mapToDouble(Double::doubleValue));
    return Math.max(0, (way - apart.hand() - apart.send() - apart.receive()) / 2);
  }

  /** Until a thread that has waited for weights for long goes on; once. */
  double wakeNanos() {
    AtomicLongArray woken = new AtomicLongArray(WAKES + 1);
    Thread.ofPlatform().daemon().name("wire-meter").start(() -> awaitVersions(woken));
    double[] nanos = new double[WAKES];
    for (int i = 1; i <= WAKES; i++) {
      int version = i;
      LockSupport.parkNanos(PAUSE_NANOS);
      long told = System.nanoTime();
      exchange.received(0, version);
      await(() -> woken.get(version) != 0, "a thread that waits goes on");
      nanos[version - 1] = (double) (woken.get(version) - told);
    }
    return Median.of(Arrays.stream(nanos));
  }

  /** Ends early where the exchange is stopped. */
  private void awaitVersions(AtomicLongArray woken) {
    int version = 1;
    while (version <= WAKES
        && exchange.awaitWeights(SLOT, version, buckets.from(0), buckets.to(0))) {
      woken.set(version, System.nanoTime());
      version++;
    }
  }

  /** Nobody waits for weights any more. */
  void stop() {
    exchange.stop();
  }

  /** Nothing happens that anybody would be told of. */
  private static final class Untold implements ShardListener {

    @Override
    public void begun(long version, int plan) {}

    @Override
    public void measured(long step, TotalsPart part) {}

    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}
  }
}
