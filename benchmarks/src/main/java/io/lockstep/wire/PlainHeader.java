package io.lockstep.wire;

import java.nio.ByteBuffer;

/**
 * What stands before a tensor on a plain socket.
 *
 * @param bytes of the tensor
 * @param bucketBytes of the pieces in which it is checked and copied; 0 if it is only read
 * @param left tensors that follow; the last is answered
 */
record PlainHeader(int bytes, int bucketBytes, int left) {

  static final int BYTES = 3 * Integer.BYTES;

  static PlainHeader read(ByteBuffer from) {
    return new PlainHeader(from.getInt(), from.getInt(), from.getInt());
  }

  void write(ByteBuffer to) {
    to.putInt(bytes).putInt(bucketBytes).putInt(left);
  }
}
