package io.lockstep.training.trace;

/** What a thread may do. */
public enum TraceKind {
  /** A worker's part of a step. */
  STEP("step", "step", Of.STEP),
  /** A worker waits for a step to begin. */
  WAIT_STEP("wait for step", "wait", Of.STEP),
  /** A worker waits for weights. */
  WAIT_WEIGHTS("wait for weights", "wait", Of.STEP),
  /** A worker waits for a place to compute in. */
  WAIT_PLACE("wait for a place", "wait", Of.STEP),
  /** Waits for the evaluation of others. */
  WAIT_EVALUATION("wait for evaluation", "wait", Of.STEP),
  /** Computes the micro-batches of a node of the tree: forward, loss, backward. */
  PASS("pass", "compute", Of.NODE),
  /** Fills the input with rows. */
  ROWS("rows", "compute", Of.NODE),
  /** Forward through a layer. */
  FORWARD("forward", "compute", Of.LAYER),
  /** Losses of the rows, and their sums. */
  LOSS("loss", "compute", Of.STEP),
  /** Hands on the sums of the losses. */
  GIVE_SUMS("hand over sums", "give", Of.NODE),
  /** Backward through a layer. */
  BACKWARD("backward", "compute", Of.LAYER),
  /** Hands on a bucket of the gradient. */
  GIVE("hand over", "give", Of.BUCKET_OF_NODE),
  /** Adds partials of the node itself. */
  ADD("add", "give", Of.BUCKET_OF_NODE),
  /** Sends a bucket of a gradient: writes it to shared memory, or queues it. */
  SEND("send", "wire", Of.BUCKET_OF_NODE),
  /** Encodes a bucket of a gradient for a socket. */
  ENCODE("encode", "wire", Of.BUCKET_OF_NODE),
  /** Takes bytes of a bucket of a gradient. */
  RECEIVE_GRADIENT("receive gradient", "wire", Of.BUCKET_OF_NODE),
  /** Takes bytes of a bucket of new weights. */
  RECEIVE_WEIGHTS("receive weights", "wire", Of.BUCKET),
  /** A server takes a partial, and adds it to its sibling if that is there. */
  SUM("sum", "serve", Of.BUCKET_OF_NODE),
  /** A server computes a bucket's part of totals over all weights. */
  MEASURE("totals", "serve", Of.BUCKET),
  /** A server updates the weights of a bucket. */
  UPDATE("update", "serve", Of.BUCKET),
  /** A server publishes a bucket's new weights. */
  PUBLISH("publish", "serve", Of.BUCKET),
  /** Evaluates rows. */
  EVALUATE("evaluate", "evaluate", Of.NODE),
  /** A server sends the root of a bucket's gradient to its standby. */
  MIRROR("mirror", "serve", Of.BUCKET),
  /** A standby takes bytes of that. */
  RECEIVE_ROOT("receive root", "wire", Of.BUCKET),
  /** A standby tells the server that it has a bucket's new weights, too. */
  ACKNOWLEDGE("acknowledge", "serve", Of.BUCKET);

  /** What else an event tells. */
  enum Of {
    STEP,
    NODE,
    LAYER,
    BUCKET,
    BUCKET_OF_NODE
  }

  private final String label;
  private final String category;
  private final Of of;

  TraceKind(String label, String category, Of of) {
    this.label = label;
    this.category = category;
    this.of = of;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** What it is one of. */
  public String category() {
    return category;
  }

  Of of() {
    return of;
  }
}
