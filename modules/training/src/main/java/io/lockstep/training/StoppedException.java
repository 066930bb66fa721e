package io.lockstep.training;

/**
 * Leaves a pass whose weights will not come because the run stops; carries no stack, since it is no
 * fault.
 */
final class StoppedException extends RuntimeException {

  static final StoppedException INSTANCE = new StoppedException();

  private static final long serialVersionUID = 1L;

  private StoppedException() {
    super("the run stops", null, false, false);
  }
}
