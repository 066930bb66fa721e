package io.lockstep.cluster;

import akka.util.ByteString;

/** What has come, part by part, of what a node has noted. Used by the driver's actor. */
final class TraceParts {

  private byte[] bytes = {};
  private int filled;
  private boolean over;

  /**
   * Takes the next part; any other is dropped.
   *
   * @return whether it was the next
   * @throws OutOfMemoryError if there is no room for all of them
   */
  boolean take(Tracing.Part part) {
    ByteString content = part.content();
    int to = part.at() + content.size();
    boolean fits = isEmpty() || bytes.length == part.of();
    if (part.at() != filled || content.isEmpty() || to > part.of() || !fits) {
      return false;
    }
    if (isEmpty()) {
      bytes = new byte[part.of()];
    }
    content.asByteBuffer().get(bytes, filled, content.size());
    filled = to;
    over = part.over();
    return true;
  }

  /** Bytes that are here: all before the next part. */
  int filled() {
    return filled;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Whether all is here that was noted. */
  boolean isWhole() {
    return !isEmpty() && filled == bytes.length;
  }

  /** Whether the steps are: nothing is to come after these parts. */
  boolean isOver() {
    return over;
  }

  /** All of them. */
  byte[] bytes() {
    return bytes;
  }
}
