package io.lockstep.wire;

import java.util.Set;

/**
 * How a client begins: who it is, and which part it takes.
 *
 * @param hello one of {@link #HELLOS}
 * @param name names it in messages
 * @param standby the number of a standby, as of {@link io.lockstep.training.Mirroring#begin}; of
 *     others 0
 */
record Introduction(FrameType hello, String name, int standby) {

  /** The frames that a client may begin with: each says which part it takes. */
  static final Set<FrameType> HELLOS = Set.of(FrameType.HELLO, FrameType.KEEPER, FrameType.STANDBY);

  /** A node with workers, or one that only wants the weights. */
  static Introduction ofWorker(String name) {
    return new Introduction(FrameType.HELLO, name, 0);
  }

  /** Whoever keeps the run's checkpoints. */
  static Introduction ofKeeper(String name) {
    return new Introduction(FrameType.KEEPER, name, 0);
  }

  /** A node with a standby. */
  static Introduction ofStandby(String name, int number) {
    return new Introduction(FrameType.STANDBY, name, number);
  }

  /** What a proof is for, so that one of another part proves nothing. */
  String role() {
    return switch (hello) {
      case HELLO -> "lockstep client";
      case KEEPER -> "lockstep keeper";
      case STANDBY -> "lockstep standby";
      default -> throw new IllegalStateException("no hello: " + hello);
    };
  }
}
