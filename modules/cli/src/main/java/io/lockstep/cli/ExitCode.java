package io.lockstep.cli;

/** The command's exit codes. */
final class ExitCode {

  /** Everything went as asked. */
  static final int OK = 0;

  /** Something failed that is not the user's mistake. */
  static final int FAILURE = 1;

  /** A mistake in the command line, the configuration, or the data. */
  static final int BAD_INPUT = 2;

  /** The loss or a weight became NaN or infinite. */
  static final int DIVERGED = 3;

  /** Ctrl-C: 128 and the signal's number, by custom. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
