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

  /** A simulation of a thousand nodes needs less. */
  private static final long BYTES_OF_RUN = 1L << 30;

  private static final long IDLE_SECONDS = 1;

  private SpareCores() {}

  /** Those of this process, as far as its heap holds a simulation for each. */
  public static Executor ofProcess() {
    long room = Math.max(1, Runtime.getRuntime().maxMemory() / BYTES_OF_RUN);
    return of((int) Math.min(Runtime.getRuntime().availableProcessors(), room) - 1);
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
