package io.lockstep.cli;

import java.util.function.Supplier;

/**
 * Says what is kept of an experiment when the JVM is asked to end, by Ctrl-C or a request to
 * terminate. The run that is going on is ended by its {@link BoundProcess}; the JVM then exits with
 * the signal's code by itself.
 *
 * <p>Opened and closed by the thread that makes the runs.
 */
final class ScaleStop implements AutoCloseable {

  private final Thread hook;
  private volatile boolean asked;

  /**
   * Takes hold of the JVM's end.
   *
   * @param kept what is kept, in words
   */
  ScaleStop(Supplier<String> kept, Terminal terminal) {
    this.hook = new Thread(() -> say(kept, terminal), "lockstep-scale-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void say(Supplier<String> kept, Terminal terminal) {
    asked = true;
    terminal.err().println("\nlockstep: stopping; " + kept.get());
  }

  /** Whether the JVM is ending: what fails now does so since it was ended. */
  boolean isAsked() {
    return asked;
  }

  /** Lets go of the JVM. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is what is running, and it ends now.
    }
  }
}
