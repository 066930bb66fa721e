package io.lockstep.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Where the command prints. Thread-safe, as its streams are.
 *
 * @param out results and progress
 * @param err messages
 * @param line the last line, for what is updated in place; the streams print above it. Drawn only
 *     where {@code interactive}
 * @param interactive whether {@code out} is a terminal
 * @param unicode whether {@code out} can show characters beyond ASCII
 * @param width asks for the columns of the terminal
 */
record Terminal(
    PrintStream out,
    PrintStream err,
    LiveLine line,
    boolean interactive,
    boolean unicode,
    IntSupplier width) {

  /** Says what someone should know. */
  void warn(String what) {
    err.println("lockstep: " + what);
  }

  /** Columns where nobody knows better. */
  static final int USUAL_WIDTH = 80;

  /** The streams of this process, in the character set of its terminal or else its system. */
  static Terminal ofProcess() {
    Charset charset = charset();
    boolean interactive = System.console() != null && System.console().isTerminal();
    return of(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        charset,
        interactive,
        charset.equals(StandardCharsets.UTF_8),
        TerminalWidth::ask);
  }

  /** Streams that share a line. */
  static Terminal of(
      OutputStream out,
      OutputStream err,
      Charset charset,
      boolean interactive,
      boolean unicode,
      IntSupplier width) {
    LiveLine line = new LiveLine(new PrintStream(out, true, charset));
    return new Terminal(
        new PrintStream(line.above(out), true, charset),
        new PrintStream(line.above(err), true, charset),
        line,
        interactive,
        unicode,
        width);
  }

  /** Streams that are no terminal, for instance of a test. */
  static Terminal piped(PrintStream out, PrintStream err) {
    return new Terminal(out, err, new LiveLine(out), false, true, () -> USUAL_WIDTH);
  }

  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : StandardCharsets.UTF_8;
  }
}
