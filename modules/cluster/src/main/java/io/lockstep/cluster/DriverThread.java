package io.lockstep.cluster;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The thread on which a driver waits for weights and state, and puts a trace together. It is there
 * from the start: the driver's actor, which would have to end where no thread can be made, makes
 * none in the middle of a run, or when that is done and its weights are to be fetched.
 */
final class DriverThread {

  private DriverThread() {}

  /**
   * Starts it; to be shut down.
   *
   * @throws OutOfMemoryError if there is no room for another thread
   */
  static ExecutorService start() {
    return start(Thread.ofPlatform().name("lockstep-driver").daemon(true).factory());
  }

  static ExecutorService start(ThreadFactory factory) {
    ExecutorService thread = Executors.newSingleThreadExecutor(factory);
    thread.execute(() -> {});
    return thread;
  }
}
