package io.lockstep.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Where the command prints. Used by one thread at a time, apart from what {@link PrintStream}
 * allows.
 *
 * @param out results and progress
 * @param err messages
 * @param interactive whether {@code out} is a terminal, where a line may be updated in place
 * @param unicode whether {@code out} can show characters beyond ASCII
 * @param width asks for the columns of the terminal
 */
record Terminal(
    PrintStream out, PrintStream err, boolean interactive, boolean unicode, IntSupplier width) {

  /** Columns where nobody knows better. */
  static final int USUAL_WIDTH = 80;

  /** The streams of this process, in the character set of its terminal or else its system. */
  static Terminal ofProcess() {
    Charset charset = charset();
    boolean interactive = System.console() != null && System.console().isTerminal();
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
        interactive,
        charset.equals(StandardCharsets.UTF_8),
        TerminalWidth::ask);
  }

  /** Streams that are no terminal, for instance of a test. */
  static Terminal piped(PrintStream out, PrintStream err) {
    return new Terminal(out, err, false, true, () -> USUAL_WIDTH);
  }

  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : StandardCharsets.UTF_8;
  }
}
