package io.lockstep.wire;

import java.io.IOException;

/**
 * A frame, or a whole connection, that is refused: what was wrong, what was expected and found, and
 * the peer. The connection is closed; nothing else changes.
 */
public abstract sealed class FrameException extends IOException {

  private static final long serialVersionUID = 1L;

  private FrameException(String peer, String what, Object expected, Object found) {
    super(what + ": expected " + expected + ", found " + found + ", from " + peer);
  }

  /** It does not begin like a frame: the peer speaks another protocol. */
  public static final class BadMagic extends FrameException {
    private static final long serialVersionUID = 1L;

    BadMagic(String peer, String found) {
      super(peer, "frame magic", "LKST", found);
    }
  }

  /** The peer is of another release. */
  public static final class ProtocolVersion extends FrameException {
    private static final long serialVersionUID = 1L;

    ProtocolVersion(String peer, int expected, int found) {
      super(peer, "protocol version (use the same release on every node)", expected, found);
    }
  }

  /** The header or the payload was damaged on the way. */
  public static final class Checksum extends FrameException {
    private static final long serialVersionUID = 1L;

    Checksum(String peer, String of, int expected, int found) {
      super(peer, "checksum of " + of, hex(expected), hex(found));
    }
  }

  /** The peer belongs to another run. */
  public static final class WrongRun extends FrameException {
    private static final long serialVersionUID = 1L;

    WrongRun(String peer, String expected, long found) {
      super(peer, "run id", expected, "%016x".formatted(found));
    }
  }

  /** The run's shard that the peer asks for is not here. */
  public static final class WrongShard extends FrameException {
    private static final long serialVersionUID = 1L;

    WrongShard(String peer, String expected, int found) {
      super(peer, "shard", expected, found);
    }
  }

  /** The peer has another configuration. */
  public static final class WrongConfiguration extends FrameException {
    private static final long serialVersionUID = 1L;

    WrongConfiguration(String peer, long expected, long found) {
      super(
          peer,
          "hash of the configuration (start every node with the same configuration and data)",
          "%016x".formatted(expected),
          "%016x".formatted(found));
    }
  }

  /** The peer has another key, or none. */
  public static final class WrongKey extends FrameException {
    private static final long serialVersionUID = 1L;

    WrongKey(String peer) {
      super(peer, "proof of the key", "one made with this run's key", "another");
    }
  }

  /** A type or a flag that this protocol does not have. */
  public static final class UnknownType extends FrameException {
    private static final long serialVersionUID = 1L;

    UnknownType(String peer, String what, int found) {
      super(peer, what, "one of this protocol", found);
    }
  }

  /** The payload is longer than anything that may come here. */
  public static final class TooLong extends FrameException {
    private static final long serialVersionUID = 1L;

    TooLong(String peer, int most, int found) {
      super(peer, "bytes of payload", "at most " + most, Integer.toUnsignedString(found));
    }
  }

  /** A length that cannot be: not that of the bucket, or not that of what the payload holds. */
  public static final class ForgedLength extends FrameException {
    private static final long serialVersionUID = 1L;

    ForgedLength(String peer, String what, Object expected, Object found) {
      super(peer, what, expected, found);
    }
  }

  /** The payload is not of the class that belongs to the frame's type. */
  public static final class UnknownClass extends FrameException {
    private static final long serialVersionUID = 1L;

    UnknownClass(String peer, String expected, String found) {
      super(peer, "class of payload", expected, found);
    }
  }

  /** A frame that makes sense, but not here or not now. */
  public static final class Unexpected extends FrameException {
    private static final long serialVersionUID = 1L;

    Unexpected(String peer, String what, Object expected, Object found) {
      super(peer, what, expected, found);
    }
  }

  /** The server did not let this node in; the reason is the server's. */
  public static final class Refused extends FrameException {
    private static final long serialVersionUID = 1L;

    Refused(String peer, String reason) {
      super(peer, "answer to the handshake", "WELCOME", "REFUSED (" + reason + ")");
    }
  }

  private static String hex(int checksum) {
    return "%08x".formatted(checksum);
  }
}
