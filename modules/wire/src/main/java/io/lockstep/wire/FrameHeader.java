package io.lockstep.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The fixed header of every frame, little-endian; reused from frame to frame by one thread.
 *
 * <pre>
 *    0        4      6   7    8              16              24
 *   +--------+------+---+---+---------------+---------------+---------------+
 *   |"LKST"  | ver. |typ|flg| run id        | configuration | step, version |
 *   +--------+---+--+-+-+---+----+----------+------+--------+-+--------+----+---+--------+
 *   | bucket |level|0  |  index  |  units   | plan   |payload   |payload |header      |
 *   |        |     |   |         |          |        |bytes     |CRC32C  |CRC32C      |
 *   +--------+-----+---+---------+----------+--------+----------+--------+------------+
 *   32       36    38  40        44         48       52         56       60          64
 * </pre>
 */
final class FrameHeader {

  static final int BYTES = 64;
  static final int PROTOCOL_VERSION = 7;
  static final int MAGIC = 'L' | 'K' << 8 | 'S' << 16 | 'T' << 24;

  /** As many bytes as tell whether the peer speaks this protocol at all. */
  static final int MAGIC_BYTES = 4;

  /** The flag of a frame whose floats are in shared memory. */
  private static final int SHARED = 1;

  private static final int MAGIC_AT = 0;
  private static final int PROTOCOL_VERSION_AT = 4;
  private static final int TYPE_AT = 6;
  private static final int FLAGS_AT = 7;
  private static final int RUN_AT = 8;
  private static final int CONFIGURATION_AT = 16;
  private static final int STEP_AT = 24;
  private static final int BUCKET_AT = 32;
  private static final int LEVEL_AT = 36;
  private static final int SPARE_AT = 38;
  private static final int INDEX_AT = 40;
  private static final int UNITS_AT = 44;
  private static final int PLAN_AT = 48;
  private static final int PAYLOAD_BYTES_AT = 52;
  private static final int PAYLOAD_CHECKSUM_AT = 56;
  private static final int HEADER_CHECKSUM_AT = 60;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  FrameType type;

  /** Whether its floats are in shared memory. */
  boolean shared;

  long run;
  long configuration;

  /** The step of a gradient, the version of weights. */
  long step;

  /** The bucket; in frames about an evaluation, which one. */
  int bucket;

  int level;
  int index;

  /** Leaves of the step, or units of the evaluation. */
  int units;

  int plan;
  int payloadBytes;
  int payloadChecksum;
  private final CRC32C crc = new CRC32C();

  /** Empties it for a frame of {@code type}. */
  FrameHeader begin(FrameType type, long run, long configuration) {
    this.type = type;
    this.shared = false;
    this.run = run;
    this.configuration = configuration;
    step = 0;
    bucket = 0;
    level = 0;
    index = 0;
    units = 0;
    plan = -1;
    payloadBytes = 0;
    payloadChecksum = 0;
    return this;
  }

  /** Writes it to the first {@value #BYTES} bytes of {@code to}. */
  void write(byte[] to) {
    INT.set(to, MAGIC_AT, MAGIC);
    SHORT.set(to, PROTOCOL_VERSION_AT, (short) PROTOCOL_VERSION);
    to[TYPE_AT] = (byte) type.code;
    to[FLAGS_AT] = (byte) (shared ? SHARED : 0);
    LONG.set(to, RUN_AT, run);
    LONG.set(to, CONFIGURATION_AT, configuration);
    LONG.set(to, STEP_AT, step);
    INT.set(to, BUCKET_AT, bucket);
    SHORT.set(to, LEVEL_AT, (short) level);
    SHORT.set(to, SPARE_AT, (short) 0);
    INT.set(to, INDEX_AT, index);
    INT.set(to, UNITS_AT, units);
    INT.set(to, PLAN_AT, plan);
    INT.set(to, PAYLOAD_BYTES_AT, payloadBytes);
    INT.set(to, PAYLOAD_CHECKSUM_AT, payloadChecksum);
    INT.set(to, HEADER_CHECKSUM_AT, checksum(to));
  }

  /**
   * Looks at the first {@value #MAGIC_BYTES} bytes, as soon as they are there: a stranger may never
   * send more.
   */
  static void checkMagic(byte[] from, String peer) throws FrameException {
    if ((int) INT.get(from, MAGIC_AT) != MAGIC) {
      throw new FrameException.BadMagic(peer, printable(from));
    }
  }

  /** Reads and checks the first {@value #BYTES} bytes of {@code from}. */
  void read(byte[] from, String peer) throws FrameException {
    checkMagic(from, peer);
    int version = Short.toUnsignedInt((short) SHORT.get(from, PROTOCOL_VERSION_AT));
    if (version != PROTOCOL_VERSION) {
      throw new FrameException.ProtocolVersion(peer, PROTOCOL_VERSION, version);
    }
    int found = (int) INT.get(from, HEADER_CHECKSUM_AT);
    int expected = checksum(from);
    if (found != expected) {
      throw new FrameException.Checksum(peer, "the header", expected, found);
    }
    readType(from, peer);
    run = (long) LONG.get(from, RUN_AT);
    configuration = (long) LONG.get(from, CONFIGURATION_AT);
    step = (long) LONG.get(from, STEP_AT);
    bucket = (int) INT.get(from, BUCKET_AT);
    level = (short) SHORT.get(from, LEVEL_AT);
    index = (int) INT.get(from, INDEX_AT);
    units = (int) INT.get(from, UNITS_AT);
    plan = (int) INT.get(from, PLAN_AT);
    payloadBytes = (int) INT.get(from, PAYLOAD_BYTES_AT);
    payloadChecksum = (int) INT.get(from, PAYLOAD_CHECKSUM_AT);
  }

  private void readType(byte[] from, String peer) throws FrameException {
    int code = Byte.toUnsignedInt(from[TYPE_AT]);
    type = FrameType.of(code);
    if (type == null) {
      throw new FrameException.UnknownType(peer, "frame type", code);
    }
    shared = from[FLAGS_AT] == SHARED;
    if (from[FLAGS_AT] != 0 && !(shared && type.content == FrameType.Content.FLOATS)) {
      throw new FrameException.UnknownType(peer, "frame flags", Byte.toUnsignedInt(from[FLAGS_AT]));
    }
  }

  private int checksum(byte[] bytes) {
    crc.reset();
    crc.update(bytes, 0, HEADER_CHECKSUM_AT);
    return (int) crc.getValue();
  }

  private static String printable(byte[] from) {
    String text = new String(from, 0, MAGIC_BYTES, StandardCharsets.ISO_8859_1);
    return "%08x (%s)"
        .formatted(Integer.reverseBytes((int) INT.get(from, 0)), text.replaceAll("[^!-~]", "."));
  }
}
