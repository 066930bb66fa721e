package io.lockstep.cli;

/** The command with stand-in nodes, as a program. */
final class StandInMain {

  static final Program PROGRAM = new Program(new StandInCluster(), StandInMain.class.getName());

  private StandInMain() {}

  public static void main(String[] arguments) {
    System.exit(Lockstep.execute(Terminal.ofProcess(), PROGRAM, arguments));
  }
}
