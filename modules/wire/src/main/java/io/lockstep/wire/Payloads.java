package io.lockstep.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.ByteBufferOutput;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import io.lockstep.nn.Sums;
import java.nio.ByteBuffer;

/**
 * What stands in frames, written and read by Kryo: a registry of classes with fixed ids, and
 * nothing else is ever read. Used by one thread at a time.
 */
final class Payloads {

  private final Kryo kryo = new Kryo(new FixedIds(), null);
  private final ByteBufferOutput output = new ByteBufferOutput();
  private final Input input = new Input();

  /** The ids are part of the protocol and are never given to another class. */
  Payloads() {
    kryo.setRegistrationRequired(true);
    kryo.setReferences(false);
    kryo.register(Messages.Challenge.class, new Messages.ChallengeCodec(), 16);
    kryo.register(Messages.Hello.class, new Messages.HelloCodec(), 17);
    kryo.register(Messages.Welcome.class, new Messages.WelcomeCodec(), 18);
    kryo.register(Messages.Refusal.class, new Messages.RefusalCodec(), 19);
    kryo.register(Sums.class, new Messages.SumsCodec(), 20);
    kryo.register(FloatBlock.class, new FloatBlock.Codec(), 21);
    kryo.register(Messages.Share.class, new Messages.ShareCodec(), 23);
    kryo.register(double[].class, new Messages.TotalsCodec(), 22);
  }

  /** The class of a frame's payload; null if it has none. */
  static Class<?> classOf(FrameType type) {
    return switch (type) {
      case CHALLENGE -> Messages.Challenge.class;
      case HELLO, KEEPER, STANDBY -> Messages.Hello.class;
      case WELCOME -> Messages.Welcome.class;
      case REFUSED -> Messages.Refusal.class;
      case SHARE -> Messages.Share.class;
      case SUMS, EVALUATION -> Sums.class;
      case TOTALS -> double[].class;
      case GRADIENT, WEIGHTS, STATE, ROOT -> FloatBlock.class;
      case GOODBYE, SHARED, STEP, EVALUATED, FETCH, FETCH_WEIGHTS, STATE_TAKEN, COMMITTED -> null;
    };
  }

  /** Writes {@code payload} at the buffer's position, and moves it. */
  void write(ByteBuffer buffer, Object payload) {
    output.setBuffer(buffer);
    kryo.writeClassAndObject(output, payload);
  }

  /**
   * Reads the payload of a frame of {@code type}; sums and blocks of floats are overwritten by the
   * next.
   *
   * @throws FrameException if another class stands there, or if the bytes do not last or last
   *     longer
   */
  Object read(FrameType type, byte[] bytes, int length, String peer) throws FrameException {
    Class<?> expected = classOf(type);
    input.setBuffer(bytes, 0, length);
    Object read;
    try {
      Registration registration = kryo.readClass(input);
      if (registration == null || registration.getType() != expected) {
        throw new FrameException.UnknownClass(
            peer, expected.getSimpleName(), registration == null ? "none" : name(registration));
      }
      @SuppressWarnings("unchecked")
      Serializer<Object> codec = registration.getSerializer();
      read = codec.read(kryo, input, Object.class);
    } catch (UnknownId e) {
      throw new FrameException.UnknownClass(peer, expected.getSimpleName(), e.getMessage());
    } catch (KryoException e) {
      throw new FrameException.ForgedLength(
          peer, "content of payload", "a whole " + expected.getSimpleName(), e.getMessage());
    }
    if (input.position() != length) {
      throw new FrameException.ForgedLength(
          peer, "bytes of " + expected.getSimpleName(), input.position(), length);
    }
    return read;
  }

  private static String name(Registration registration) {
    return registration.getType().getSimpleName() + " (id " + registration.getId() + ")";
  }

  /** Kryo's resolver would load a class by a name that it reads; this one knows ids only. */
  private static final class FixedIds extends DefaultClassResolver {

    @Override
    public Registration readClass(Input input) {
      int start = input.position();
      int id = input.readVarInt(true) - 2;
      if (id >= 0 && getRegistration(id) == null || id == NAME) {
        throw new UnknownId("id " + id);
      }
      input.setPosition(start);
      return super.readClass(input);
    }
  }

  private static final class UnknownId extends KryoException {
    private static final long serialVersionUID = 1L;

    UnknownId(String message) {
      super(message);
    }
  }
}
