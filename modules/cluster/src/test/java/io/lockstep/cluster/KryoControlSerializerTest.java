package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ExtendedActorSystem;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.util.ByteString;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Output;
import io.lockstep.optim.Lbfgs;
import io.lockstep.training.TotalsPart;
import io.lockstep.training.trace.TraceWindow;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KryoControlSerializerTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private static final int ELEMENTS = 3;

  /** Akka's own, with the names of sender and receiver; about 300. */
  private static final int ENVELOPE_BYTES = 2_000;

  private final TestProbe<Node.Command> probe = ACTORS.kit().createTestProbe();
  private final KryoControlSerializer serializer =
      new KryoControlSerializer((ExtendedActorSystem) Adapter.toClassic(ACTORS.kit().system()));

  /** All records of this package that travel, found where the actors' protocols are declared. */
  private static List<Class<?>> messages() {
    return Stream.of(Coordinator.class, Node.class, Driver.class, Tracing.class)
        .flatMap(actor -> Arrays.stream(actor.getDeclaredClasses()))
        .filter(type -> type.isRecord() && ControlMessage.class.isAssignableFrom(type))
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageTravels(Class<?> type) {
    Object message = sample(type);

    Object received = serializer.fromBinaryJava(serializer.toBinary(message), null);

    assertThat(received).isEqualTo(message);
  }

  @Test
  void findsTheMessages() {
    assertThat(messages())
        .contains(Coordinator.Register.class, Node.Prepare.class, Driver.Steps.class);
  }

  /** A value of each type of which none is null, empty or zero. */
  private Object sample(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < ELEMENTS; i++) {
        elements.add(sample(list.getActualTypeArguments()[0]));
      }
      return elements;
    }
    if (type instanceof ParameterizedType ref && ref.getRawType() == ActorRef.class) {
      return probe.ref();
    }
    Class<?> simple = (Class<?>) type;
    if (simple == TotalsPart.class) {
      return new TotalsPart(8, 2, 5, List.of(0.1, -1e300));
    }
    if (simple == TraceWindow.class) {
      return new TraceWindow(8, 2);
    }
    if (simple == Coordinator.Command.class) {
      return new Coordinator.Refused(3, "a reason");
    }
    if (simple.isEnum()) {
      return simple.getEnumConstants()[1];
    }
    return simple.isRecord() ? record(simple) : PRIMITIVES.get(simple);
  }

  private static final Map<Class<?>, Object> PRIMITIVES =
      Map.of(
          int.class,
          -7,
          long.class,
          Long.MAX_VALUE - 7,
          Long.class,
          1L << 40,
          double.class,
          0.1,
          Double.class,
          Double.MIN_VALUE,
          boolean.class,
          true,
          String.class,
          "ein Grund: θ",
          ByteString.class,
          ByteString.fromArray(new byte[] {-1, 0, 1}));

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = Arrays.stream(components).map(c -> sample(c.getGenericType())).toArray();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new AssertionError(type + " cannot be made of " + Arrays.toString(values), e);
    }
  }

  /** Nodes of different builds understand each other only if ids stay: new types come last. */
  @Test
  void idsStayWhatTheyAre() {
    assertThat(idOf(new Coordinator.Register(new NodeInfo("n", 1, 1), probe.ref()))).isEqualTo(22);
    assertThat(idOf(new Coordinator.Release(1))).isEqualTo(41);
    assertThat(idOf(new Node.Registered(1, probe.ref().unsafeUpcast()))).isEqualTo(42);
    assertThat(idOf(new Node.Close())).isEqualTo(54);
    assertThat(idOf(new Driver.Busy("run"))).isEqualTo(56);
    assertThat(idOf(new Driver.Failed("why"))).isEqualTo(65);
    assertThat(idOf(new Coordinator.Holding(1))).isEqualTo(81);
    assertThat(idOf(new Node.JarPart(1, 0, 0, ByteString.emptyByteString()))).isEqualTo(85);
  }

  /** L-BFGS with the most pairs, over sixty million weights of which this shard has nearly all. */
  @Test
  void theMostTotalsFitIntoOneMessage() {
    int blocks = 1 << 14;
    int subtrees = 2 * 13;
    List<Double> sums = Collections.nCopies(new Lbfgs(20, 0).totals() * subtrees, 0.1);
    TotalsPart part = new TotalsPart(blocks, 1, blocks - 1, new ArrayList<>(sums));
    int most =
        (int)
            ACTORS
                .kit()
                .system()
                .settings()
                .config()
                .getBytes("akka.remote.artery.advanced.maximum-frame-size")
                .longValue();

    assertThat(serializer.toBinary(new Coordinator.Measured(0, 7, part)))
        .hasSizeLessThan(most - ENVELOPE_BYTES);
  }

  /** Kryo writes a class as its id + 2, here below 128 and so in one byte. */
  private int idOf(Object message) {
    return serializer.toBinary(message)[0] - 2;
  }

  @Test
  void refusesToWriteAndToReadWhatIsNotRegistered() {
    assertThatThrownBy(() -> serializer.toBinary(new java.util.BitSet()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Class is not registered: java.util.BitSet");
    assertThatThrownBy(() -> read(Output::writeVarInt, 2 + 99)).isInstanceOf(KryoException.class);
    assertThatThrownBy(this::readNamedClass).isInstanceOf(RuntimeException.class);
  }

  @FunctionalInterface
  private interface Write {
    void write(Output output, int value, boolean positive);
  }

  private Object read(Write write, int value) {
    try (Output output = new Output(16)) {
      write.write(output, value, true);
      return serializer.fromBinaryJava(output.toBytes(), null);
    }
  }

  /** Class id 1 is Kryo's form of a class by its name. */
  private Object readNamedClass() {
    try (Output output = new Output(64)) {
      output.writeVarInt(1, true);
      output.writeVarInt(0, true);
      output.writeString("java.util.Date");
      output.writeLong(1);
      return serializer.fromBinaryJava(output.toBytes(), null);
    }
  }

  @Test
  void refusesForgedLengthsBeforeItAllocates() {
    byte[] text = serializer.toBinary(new Driver.Busy("run"));
    byte[] list = serializer.toBinary(new Driver.Steps(1, List.of()));

    assertForged(text, "run".length());
    assertForged(list, 0);
  }

  /** Puts two billion where the message says {@code length}. */
  private void assertForged(byte[] message, int length) {
    for (int at = 1; at < message.length; at++) {
      if (message[at] != length) {
        continue;
      }
      byte[] forged = new byte[message.length + 4];
      System.arraycopy(message, 0, forged, 0, at);
      try (Output output = new Output(5)) {
        output.writeVarInt(Integer.MAX_VALUE, true);
        System.arraycopy(output.toBytes(), 0, forged, at, 5);
      }
      System.arraycopy(message, at + 1, forged, at + 5, message.length - at - 1);
      byte[] told = forged;
      assertThatThrownBy(() -> serializer.fromBinaryJava(told, null))
          .isInstanceOf(KryoException.class)
          .hasStackTraceContaining("but found 2147483647");
      return;
    }
    throw new AssertionError("no length " + length + " in " + Arrays.toString(message));
  }

  @Test
  void refusesAMessageThatIsCutAnywhere() {
    byte[] whole = serializer.toBinary(sample(Node.Connect.class));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> serializer.fromBinaryJava(cut, null))
          .as("cut at %d", length)
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aReferenceLeadsToItsActor() {
    Coordinator.Register register = new Coordinator.Register(new NodeInfo("n", 1, 1), probe.ref());

    Coordinator.Register received =
        (Coordinator.Register) serializer.fromBinaryJava(serializer.toBinary(register), null);
    received.node().tell(new Node.Close());

    probe.expectMessage(new Node.Close());
  }
}
