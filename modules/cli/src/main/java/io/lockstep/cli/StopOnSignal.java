package io.lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C, or a request to terminate, end a training as if it had been planned: while the JVM
 * shuts down, the training stops within two steps, is saved and shown. The JVM then exits with the
 * signal's code by itself, 130 for Ctrl-C and 143 for a request to terminate.
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
   * @param folder of the run
   * @param terminal where to say so
   */
  StopOnSignal(Runnable stopping, Path folder, Terminal terminal) {
    this.hook = new Thread(() -> stop(stopping, folder, terminal), "lockstep-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop(Runnable stopping, Path folder, Terminal terminal) {
    if (done.getCount() == 0) {
      return;
    }
    terminal.err().println("\nlockstep: stopping, and saving what was learned so far");
    stopping.run();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        terminal.line().clear();
        terminal
            .err()
            .println(
                "lockstep: gave up waiting after %d s; what is in %s stays"
                    .formatted(PATIENCE_SECONDS, folder));
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
