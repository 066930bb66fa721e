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
    System.exit(Lockstep.commandLine(Terminal.ofProcess()).execute(arguments));
  }
}
