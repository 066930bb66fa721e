package io.lockstep.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Words of a command line as a shell reads them. Stateless. */
final class ShellWords {

  private ShellWords() {}

  /** A line of which a POSIX shell makes these words again. */
  static String join(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
