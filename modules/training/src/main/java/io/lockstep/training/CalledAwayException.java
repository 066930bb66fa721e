package io.lockstep.training;

/**
 * Leaves a pass whose weights may not come before this node has done what a lost one left open;
 * carries no stack, since it is no fault.
 */
final class CalledAwayException extends RuntimeException {

  static final CalledAwayException INSTANCE = new CalledAwayException();

  private static final long serialVersionUID = 1L;

  private CalledAwayException() {
    super("a node was lost", null, false, false);
  }
}
