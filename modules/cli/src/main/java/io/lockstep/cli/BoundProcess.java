package io.lockstep.cli;

import java.io.IOException;
import java.time.Duration;

/**
 * A process that does not outlive this one: when this JVM ends, for instance by Ctrl-C, so does it.
 * Who started it closes it. Thread-safe.
 */
final class BoundProcess implements AutoCloseable {

  private final Duration patience;
  private final Thread hook = new Thread(this::end, "lockstep-end-child");

  /** Guarded by this. */
  private Process process;

  /** From then on nothing is started. Guarded by this. */
  private boolean ended;

  private BoundProcess(Duration patience) {
    this.patience = patience;
  }

  /**
   * Starts it. The JVM knows whom to end before there is anybody, so that there is no moment at
   * which it could be left behind.
   *
   * @param patience how long it may take to end when it is asked to; then it is killed
   * @throws IOException if it cannot be started
   * @throws IllegalStateException if this JVM ends already
   */
  static BoundProcess start(ProcessBuilder builder, Duration patience) throws IOException {
    BoundProcess bound = new BoundProcess(patience);
    Runtime.getRuntime().addShutdownHook(bound.hook);
    try {
      bound.begin(builder);
      return bound;
    } catch (IOException | RuntimeException failure) {
      bound.letGo();
      throw failure;
    }
  }

  private synchronized void begin(ProcessBuilder builder) throws IOException {
    if (ended) {
      throw new IllegalStateException("this process is ending");
    }
    process = builder.start();
  }

  /** Once it has been started. */
  synchronized Process process() {
    return process;
  }

  /** Asks it to end, and returns when it has; one that does not is killed. */
  void end() {
    Process running = toEnd();
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(patience)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Process toEnd() {
    ended = true;
    return process;
  }

  /** Ends it, if it has not ended, and lets go of the JVM. */
  @Override
  public void close() {
    end();
    letGo();
  }

  private void letGo() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is what runs, and it ends the process.
    }
  }
}
