package io.lockstep.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks the system how wide the terminal is; Java cannot tell. */
final class TerminalWidth {

  private static final File TERMINAL = new File("/dev/tty");
  private static final long TIMEOUT_MS = 500;
  private static final int LEAST = 20;

  private TerminalWidth() {}

  /** The columns of the process's terminal; 80 if there is none or nobody knows. */
  static int ask() {
    if (!TERMINAL.canRead()) {
      return Terminal.USUAL_WIDTH;
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return Terminal.USUAL_WIDTH;
      }
      return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException unavailable) {
      return Terminal.USUAL_WIDTH;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Terminal.USUAL_WIDTH;
    }
  }

  /** The second number of {@code rows columns}. */
  static int parse(String size) {
    String[] words = size.strip().split(" ");
    if (words.length != 2 || !words[1].matches("[0-9]{1,5}")) {
      return Terminal.USUAL_WIDTH;
    }
    int columns = Integer.parseInt(words[1]);
    return columns < LEAST ? Terminal.USUAL_WIDTH : columns;
  }
}
