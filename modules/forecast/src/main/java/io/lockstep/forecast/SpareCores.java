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

  private static final long IDLE_SECONDS = 1;

  private SpareCores() {}

  /** Those of this process. */
  public static Executor ofProcess() {
    return of(Runtime.getRuntime().availableProcessors() - 1);
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
