package io.lockstep.benchmarks;

import io.lockstep.training.Replica;
import java.util.ArrayList;
import java.util.List;

/** Replicas that train together, each on a thread of its own. Used by one thread. */
public final class Crew {

  private static final int FIRST_STEPS = 3;

  private final List<Replica> replicas;
  private final int batch;
  private long step;

  /**
   * @param replicas of one run
   * @param batch rows of a step, of all of them
   */
  public Crew(List<Replica> replicas, int batch) {
    this.replicas = replicas;
    this.batch = batch;
  }

  /**
   * Samples/s of training on for about {@code seconds}. All take the same number of steps, found
   * from the time of the first few.
   */
  public double samplesPerSecond(double seconds) throws InterruptedException {
    double perStep = run(FIRST_STEPS) / FIRST_STEPS;
    long steps = Math.max(FIRST_STEPS, Math.round(seconds / perStep));
    return steps * batch / run(steps);
  }

  private double run(long steps) throws InterruptedException {
    long first = step;
    step += steps;
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (Replica replica : replicas) {
      threads.add(Thread.ofPlatform().start(() -> run(replica, first, first + steps)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void run(Replica replica, long from, long to) {
    for (long s = from; s < to; s++) {
      replica.step(s);
    }
  }
}
