package io.lockstep.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.lockstep.nn.Sums;
import java.nio.charset.StandardCharsets;

/** The small payloads, and how Kryo writes them. No length that is read makes it allocate much. */
final class Messages {

  /** The most bytes of a text. */
  static final int TEXT_BYTES = 255;

  private Messages() {}

  /** What the server asks: use this nonce. */
  record Challenge(byte[] nonce) {}

  /**
   * What a client answers: its own nonce, which shard it asks for, which standby it is if it is
   * one, its name, and its proof.
   */
  record Hello(byte[] nonce, int shard, int standby, String name, byte[] proof) {}

  /** The server's own proof. */
  record Welcome(byte[] proof) {}

  /** Why a client is not let in. */
  record Refusal(String reason) {}

  /**
   * Memory that the peer can open.
   *
   * @param name as of {@link SharedMemory#name}
   * @param token stands at its beginning
   * @param slots their number
   * @param slotBytes bytes of each
   * @param reader which of its readers the peer is
   */
  record Share(String name, long token, int slots, int slotBytes, int reader) {}

  static final class ChallengeCodec extends Serializer<Challenge> {
    @Override
    public void write(Kryo kryo, Output output, Challenge challenge) {
      output.writeBytes(challenge.nonce());
    }

    @Override
    public Challenge read(Kryo kryo, Input input, Class<? extends Challenge> type) {
      return new Challenge(input.readBytes(SharedKey.BYTES));
    }
  }

  static final class HelloCodec extends Serializer<Hello> {
    @Override
    public void write(Kryo kryo, Output output, Hello hello) {
      output.writeBytes(hello.nonce());
      output.writeInt(hello.shard());
      output.writeInt(hello.standby());
      writeText(output, hello.name());
      output.writeBytes(hello.proof());
    }

    @Override
    public Hello read(Kryo kryo, Input input, Class<? extends Hello> type) {
      byte[] nonce = input.readBytes(SharedKey.BYTES);
      int shard = input.readInt();
      int standby = input.readInt();
      String name = readText(input);
      return new Hello(nonce, shard, standby, name, input.readBytes(SharedKey.BYTES));
    }
  }

  static final class WelcomeCodec extends Serializer<Welcome> {
    @Override
    public void write(Kryo kryo, Output output, Welcome welcome) {
      output.writeBytes(welcome.proof());
    }

    @Override
    public Welcome read(Kryo kryo, Input input, Class<? extends Welcome> type) {
      return new Welcome(input.readBytes(SharedKey.BYTES));
    }
  }

  static final class RefusalCodec extends Serializer<Refusal> {
    @Override
    public void write(Kryo kryo, Output output, Refusal refusal) {
      writeText(output, refusal.reason());
    }

    @Override
    public Refusal read(Kryo kryo, Input input, Class<? extends Refusal> type) {
      return new Refusal(readText(input));
    }
  }

  static final class ShareCodec extends Serializer<Share> {
    @Override
    public void write(Kryo kryo, Output output, Share share) {
      writeText(output, share.name());
      output.writeLong(share.token());
      output.writeInt(share.slots());
      output.writeInt(share.slotBytes());
      output.writeInt(share.reader());
    }

    @Override
    public Share read(Kryo kryo, Input input, Class<? extends Share> type) {
      String name = readText(input);
      long token = input.readLong();
      int slots = input.readInt();
      int slotBytes = input.readInt();
      return new Share(name, token, slots, slotBytes, input.readInt());
    }
  }

  /** Reads into the same object every time: whoever gets it copies it. */
  static final class SumsCodec extends Serializer<Sums> {

    private final Sums read = new Sums();

    @Override
    public void write(Kryo kryo, Output output, Sums sums) {
      output.writeDouble(sums.weight);
      output.writeDouble(sums.loss);
      output.writeDouble(sums.correct);
      output.writeDouble(sums.deviance);
      output.writeInt(sums.nonFiniteLayer);
    }

    @Override
    public Sums read(Kryo kryo, Input input, Class<? extends Sums> type) {
      read.weight = input.readDouble();
      read.loss = input.readDouble();
      read.correct = input.readDouble();
      read.deviance = input.readDouble();
      read.nonFiniteLayer = input.readInt();
      return read;
    }
  }

  /** The totals over θ of a step. */
  static final class TotalsCodec extends Serializer<double[]> {

    /** L-BFGS with 20 pairs has 1,035. */
    private static final int MOST = 1_100;

    /** A class and a number come before them. */
    private static final int PREFIX_BYTES = 1 + Short.BYTES;

    /** The longest payload. */
    static final int MOST_BYTES = PREFIX_BYTES + MOST * Double.BYTES;

    static int payloadBytes(double[] totals) {
      return PREFIX_BYTES + totals.length * Double.BYTES;
    }

    @Override
    public void write(Kryo kryo, Output output, double[] totals) {
      if (totals.length > MOST) {
        throw new KryoException(
            "totals: expected at most %d, found %d".formatted(MOST, totals.length));
      }
      output.writeShort(totals.length);
      for (double total : totals) {
        output.writeDouble(total);
      }
    }

    @Override
    public double[] read(Kryo kryo, Input input, Class<? extends double[]> type) {
      int length = input.readShortUnsigned();
      if (length * Double.BYTES > input.limit() - input.position()) {
        throw new KryoException(length + " totals");
      }
      return input.readDoubles(length);
    }
  }

  private static void writeText(Output output, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, TEXT_BYTES);
    output.writeByte(length);
    output.writeBytes(bytes, 0, length);
  }

  /** Control characters would let a stranger write lines into the log. */
  private static String readText(Input input) {
    int length = input.readByteUnsigned();
    if (length > input.limit() - input.position()) {
      throw new KryoException("text of " + length + " bytes");
    }
    String text = new String(input.readBytes(length), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
