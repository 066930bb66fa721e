package io.lockstep.wire;

/** What a frame says; the codes are part of the protocol and are never given to another type. */
enum FrameType {
  /** Server to client, at once: prove that you have the key. */
  CHALLENGE(1, Content.MESSAGE),
  /** Client to server: who I am, which run I belong to, and the proof. */
  HELLO(2, Content.MESSAGE),
  /** Server to client: you are let in, and here is my own proof. */
  WELCOME(3, Content.MESSAGE),
  /** Server to client: you are not let in, and why; the connection is closed after it. */
  REFUSED(4, Content.MESSAGE),
  /** Either side: I leave the run; the connection is closed after it, and nobody need wonder. */
  GOODBYE(5, Content.NOTHING),
  /** Client to server: as {@link #HELLO}, from whoever keeps the run's checkpoints. */
  KEEPER(6, Content.MESSAGE),
  /** Client to server: as {@link #HELLO}, from a standby of the server's shard. */
  STANDBY(7, Content.MESSAGE),
  /**
   * Either side, once both are in: floats of mine may stand in this memory; see {@link Sharing}.
   */
  SHARE(8, Content.MESSAGE),
  /** Either side: I read what you have in it. */
  SHARED(9, Content.NOTHING),

  /** Worker to server: the sums of a node of the reduction tree; to a standby: of all of a step. */
  SUMS(16, Content.MESSAGE),
  /** Worker to server: one bucket of a node's gradient. */
  GRADIENT(17, Content.FLOATS),
  /** Worker to server: the sums of a node of an evaluation; to a standby: of all of it. */
  EVALUATION(18, Content.MESSAGE),

  /** Server to worker: one bucket of a new version of θ. */
  WEIGHTS(32, Content.FLOATS),
  /** Server to worker: a step begins, under which plan. */
  STEP(33, Content.NOTHING),
  /** Server to worker, standby to server: an evaluation is complete. */
  EVALUATED(34, Content.NOTHING),

  /** Keeper to server: send the snapshot of a version. */
  FETCH(48, Content.NOTHING),
  /** Server to keeper or standby, keeper to server: one bucket of an array of a shard's state. */
  STATE(49, Content.FLOATS),
  /** Server to keeper: all of the shard's state is there. */
  STATE_TAKEN(50, Content.NOTHING),
  /** Keeper to server: send the weights alone of a version at which you stand. */
  FETCH_WEIGHTS(51, Content.NOTHING),

  /** Server to standby: the sum over all of a step of one bucket's gradient. */
  ROOT(64, Content.FLOATS),
  /** Standby to server: it has a version of a bucket, too. */
  COMMITTED(65, Content.NOTHING),
  /** Server to standby: the totals over all of θ that the update of a step needs. */
  TOTALS(66, Content.MESSAGE);

  /** What stands behind the header. */
  enum Content {
    /** No payload. */
    NOTHING,
    /** One small object. */
    MESSAGE,
    /** A block of floats. */
    FLOATS
  }

  private static final FrameType[] BY_CODE = new FrameType[256];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  final int code;
  final Content content;

  FrameType(int code, Content content) {
    this.code = code;
    this.content = content;
  }

  /** The type of a code in [0, 256); null if there is none. */
  static FrameType of(int code) {
    return BY_CODE[code];
  }
}
