package io.lockstep.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The last line of a terminal, updated in place. What is printed in the meantime through {@link
 * #above} stands above it, whole: the line gives way to a message, and is drawn again when the
 * message has ended its line, however many pieces it is printed in.
 *
 * <p>Thread-safe: messages also come from the threads that watch processes and signals.
 */
final class LiveLine {

  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream screen;
  private String shown = "";
  private boolean drawn;
  private boolean midMessage;

  /**
   * A line that shows nothing yet.
   *
   * @param screen where to draw it
   */
  LiveLine(PrintStream screen) {
    this.screen = screen;
  }

  /** Shows {@code text}, which fits the terminal's width, in place of what was shown. */
  synchronized void show(String text) {
    shown = text;
    if (!midMessage) { // Otherwise it is drawn where the message ends.
      draw();
    }
  }

  /** Takes the line away until the next {@link #show}. */
  synchronized void clear() {
    erase();
    shown = "";
  }

  /** A stream to {@code target}, which shows on the same screen, above this line. */
  OutputStream above(OutputStream target) {
    return new Above(target);
  }

  private void draw() {
    if (!shown.isEmpty()) {
      screen.print("\r" + shown + CLEAR_TO_END);
      screen.flush();
      drawn = true;
    }
  }

  private void erase() {
    if (drawn) {
      screen.print("\r" + CLEAR_TO_END);
      screen.flush();
      drawn = false;
    }
  }

  private synchronized void printAbove(OutputStream target, byte[] bytes, int from, int count)
      throws IOException {
    if (count == 0) {
      return;
    }
    erase(); // Does nothing after the first piece of a message.
    target.write(bytes, from, count);
    target.flush();
    midMessage = bytes[from + count - 1] != '\n';
    if (!midMessage) {
      draw();
    }
  }

  private final class Above extends OutputStream {

    private final OutputStream target;

    Above(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      printAbove(target, bytes, from, count);
    }
  }
}
