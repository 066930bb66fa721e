package io.lockstep.cluster;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, in words that can be sent to another node. */
final class Causes {

  private Causes() {}

  /** The failure itself, without what only wraps it. */
  static Throwable root(Throwable failure) {
    Throwable at = failure;
    while ((at instanceof CompletionException || at instanceof ExecutionException)
        && at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** Its message; with its type where that tells more, as for errors of the JVM. */
  static String message(Throwable failure) {
    Throwable root = root(failure);
    boolean ours = root instanceof RuntimeException && root.getMessage() != null;
    return ours ? root.getMessage() : root.toString();
  }
}
