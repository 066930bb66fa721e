package io.lockstep.cli;

/** Where the JVM starts. */
public final class Main {

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    System.setProperty("java.awt.headless", "true"); // Pictures need no display.
    System.setErr(terminal.err()); // What is logged stands above the line of progress, too.
    System.exit(Lockstep.execute(terminal, Program.standard(), arguments));
  }
}
