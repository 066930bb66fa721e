package io.lockstep.forecast;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The cores that the thread which asks does not use itself: a thread for each, as long as there is
 * anything to do. What is asked first is begun first. Stateless.
 */
public final class SpareCores {

  /** What a simulation has of each node, at most, and of what it needs beside them. */
  private static final long BYTES_OF_NODE = 1_000_000;

  private static final long BYTES_OF_RUN = 64_000_000;

  private static final long IDLE_SECONDS = 1;

  private SpareCores() {}

  /**
   * Those of this process, as far as its heap holds a simulation for each.
   *
   * @param mostNodes that any of them has
   */
  public static Executor ofProcess(int mostNodes) {
    Runtime process = Runtime.getRuntime();
    return of(count(process.availableProcessors(), process.maxMemory(), mostNodes));
  }

  /** How many beside the thread that asks. */
  static int count(int cores, long heapBytes, int mostNodes) {
    long ofRun = BYTES_OF_RUN + BYTES_OF_NODE * mostNodes;
    return (int) Math.clamp(heapBytes / ofRun, 1, cores) - 1;
  }

  /** So many; with none nothing is ever done. */
  public static Executor of(int count) {
    if (count < 1) {
      return _ -> {};
    }
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("forecast-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
