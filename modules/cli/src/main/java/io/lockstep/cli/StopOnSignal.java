package io.lockstep.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C, or a request to terminate, end a training as if it had been planned: while the JVM
 * shuts down, the training stops at its next step, is saved and shown. The JVM then exits with the
 * signal's code by itself, 130 for Ctrl-C.
 *
 * <p>Opened and closed by the thread that trains; close it when all is shown.
 */
final class StopOnSignal {

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  /**
   * Takes hold of the JVM's end.
   *
   * @param stopping makes the training stop; returns at once
   */
  StopOnSignal(Runnable stopping, PrintStream err) {
    this.hook = new Thread(() -> stop(stopping, err), "lockstep-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop(Runnable stopping, PrintStream err) {
    if (done.getCount() == 0) {
      return;
    }
    err.println();
    err.println("lockstep: stopping, and saving what was learned so far");
    stopping.run();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println("lockstep: gave up after " + PATIENCE_SECONDS + " s; nothing was saved");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of the JVM. */
  void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is what is running, and it ends now.
    }
  }
}
