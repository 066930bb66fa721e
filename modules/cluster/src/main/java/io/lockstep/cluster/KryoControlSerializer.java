package io.lockstep.cluster;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.JSerializer;
import akka.util.ByteString;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import io.lockstep.training.DataPlane;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.OpenStep;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.ShardCopy;
import io.lockstep.training.StepSums;
import io.lockstep.training.StepTimes;
import io.lockstep.training.TotalsPart;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.TraceWindow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Serializes the control plane's messages with Kryo: the types below, with ids by their order, and
 * nothing else. A length that a message tells is checked against the bytes that it has before
 * anything is allocated.
 *
 * <p>Thread-safe: every use takes a Kryo of its own from a pool.
 */
public final class KryoControlSerializer extends JSerializer {

  /** Kryo's own types, such as int and String, come first. */
  private static final int FIRST_ID = 20;

  private static final int IDENTIFIER = 7355;
  private static final int FIRST_BYTES = 1024;
  private static final int MOST_DEPTH = 16;

  /** In the order of their ids: new ones are added at the end. */
  private static final List<Class<?>> TYPES =
      List.of(
          Coordinator.Register.class,
          Coordinator.Submit.class,
          Coordinator.Prepared.class,
          Coordinator.Refused.class,
          Coordinator.Opened.class,
          Coordinator.Ready.class,
          Coordinator.PlanKnown.class,
          Coordinator.StepsDone.class,
          Coordinator.StepFailed.class,
          Coordinator.Begun.class,
          Coordinator.Evaluated.class,
          Coordinator.Halted.class,
          Coordinator.Left.class,
          Coordinator.Settled.class,
          Coordinator.Drain.class,
          Coordinator.NodeDied.class,
          Coordinator.WeightsKept.class,
          Coordinator.Stop.class,
          Coordinator.Hold.class,
          Coordinator.Release.class,
          Node.Registered.class,
          Node.Prepare.class,
          Node.Open.class,
          Node.Connect.class,
          Node.Know.class,
          Node.Activate.class,
          Node.Hold.class,
          Node.Release.class,
          Node.Halt.class,
          Node.Leave.class,
          Node.Settle.class,
          Node.Evaluate.class,
          Node.Close.class,
          Driver.Accepted.class,
          Driver.Busy.class,
          Driver.Started.class,
          Driver.Steps.class,
          Driver.Evaluated.class,
          Driver.Held.class,
          Driver.Planned.class,
          Driver.Changed.class,
          Driver.Trained.class,
          Driver.Ended.class,
          Driver.Failed.class,
          NodeInfo.class,
          RunSpec.class,
          RunIdentity.class,
          RunShape.class,
          Fingerprint.class,
          Endpoint.class,
          Plan.Share.class,
          StepSums.class,
          RunEvent.class,
          RunEvent.What.class,
          RunEnd.class,
          RunEnd.NodeWork.class,
          DataPlane.Traffic.class,
          Evaluation.class,
          Coordinator.OfRun.class,
          Coordinator.Holding.class,
          Coordinator.Gone.class,
          Coordinator.GivenUp.class,
          Driver.SendJarPart.class,
          Node.JarPart.class,
          RunSpec.JarLabel.class,
          ByteString.class,
          Coordinator.Restored.class,
          Coordinator.AskCheckpoint.class,
          Coordinator.SnapshotTaken.class,
          Coordinator.SnapshotMissed.class,
          Coordinator.CheckpointKept.class,
          Node.Snapshot.class,
          Driver.Restore.class,
          Driver.Checkpoint.class,
          Node.TakeOver.class,
          Coordinator.Disconnected.class,
          Node.Expelled.class,
          Node.GoOn.class,
          EarlyStopping.class,
          Validations.class,
          Coordinator.Late.class,
          OpenStep.class,
          Node.TakeOverStep.class,
          Driver.Broken.class,
          Coordinator.Speed.class,
          Coordinator.OfNode.class,
          Coordinator.StepsMirrored.class,
          Coordinator.EvaluationMirrored.class,
          Coordinator.Filled.class,
          Coordinator.StandbyFailed.class,
          Coordinator.StandbyLate.class,
          Coordinator.PrimaryLost.class,
          Coordinator.Forsaken.class,
          Node.Mirror.class,
          Node.DropStandby.class,
          Node.WithoutStandby.class,
          Node.Forsake.class,
          Node.Promote.class,
          Node.Reconnect.class,
          Promotion.class,
          Coordinator.Reconnected.class,
          Coordinator.CutOff.class,
          Coordinator.Keeps.class,
          Coordinator.Salvage.class,
          Node.Salvage.class,
          Node.HandOver.class,
          Driver.Salvaging.class,
          Driver.StepsLeft.class,
          Driver.EvaluationLeft.class,
          Driver.Left.class,
          Driver.HandedOver.class,
          ShardCopy.class,
          Coordinator.CheckpointLost.class,
          Driver.Suspended.class,
          Node.Keep.class,
          Coordinator.Measured.class,
          Node.Totals.class,
          TotalsPart.class,
          Driver.Times.class,
          StepTimes.Sample.class,
          TraceWindow.class,
          Tracing.Announced.class,
          Tracing.ClockTold.class,
          Tracing.Part.class,
          Tracing.AskClock.class,
          Tracing.AskPart.class,
          Tracing.Failed.class);

  private final Pool<Kryo> kryos;

  /** Made by Akka. */
  public KryoControlSerializer(ExtendedActorSystem system) {
    this.kryos =
        new Pool<>(true, true) {
          @Override
          protected Kryo create() {
            return new ControlKryo(ActorRefResolver.get(Adapter.toTyped(system)));
          }
        };
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public boolean includeManifest() {
    return false;
  }

  @Override
  public byte[] toBinary(Object message) {
    Kryo kryo = kryos.obtain();
    try (Output output = new Output(FIRST_BYTES, -1)) {
      kryo.writeClassAndObject(output, message);
      return output.toBytes();
    } finally {
      kryos.free(kryo);
    }
  }

  @Override
  public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
    Kryo kryo = kryos.obtain();
    try (Input input = new Input(bytes)) {
      return kryo.readClassAndObject(input);
    } finally {
      kryos.free(kryo);
    }
  }

  /** A Kryo that knows the control plane's types. */
  private static final class ControlKryo extends Kryo {

    private ControlKryo(ActorRefResolver refs) {
      setRegistrationRequired(true);
      setReferences(false);
      setMaxDepth(MOST_DEPTH);
      register(String.class, new Text());
      addDefaultSerializer(ByteString.class, new Bytes());
      int id = FIRST_ID;
      register(ActorRef.class, new Refs(refs), id++);
      register(ArrayList.class, new Lists(), id++);
      for (Class<?> type : TYPES) {
        register(type, id++);
      }
    }

    /** References, lists and bytes have classes of their own, which are no part of the protocol. */
    @Override
    public Registration getRegistration(Class type) {
      if (ActorRef.class.isAssignableFrom(type)) {
        return super.getRegistration(ActorRef.class);
      }
      if (ByteString.class.isAssignableFrom(type)) {
        return super.getRegistration(ByteString.class);
      }
      return super.getRegistration(List.class.isAssignableFrom(type) ? ArrayList.class : type);
    }
  }

  /** Refuses a length that the rest of the message cannot hold. */
  private static int length(Input input) {
    int length = input.readVarInt(true);
    int most = input.limit() - input.position();
    if (length < 0 || length > most) {
      throw new KryoException(
          "control message: expected a length of at most %d but found %d".formatted(most, length));
    }
    return length;
  }

  private static final class Text extends Serializer<String> {

    private Text() {
      super(true, true);
    }

    @Override
    public void write(Kryo kryo, Output output, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      output.writeVarInt(bytes.length, true);
      output.writeBytes(bytes);
    }

    @Override
    public String read(Kryo kryo, Input input, Class<? extends String> type) {
      return new String(input.readBytes(length(input)), StandardCharsets.UTF_8);
    }
  }

  private static final class Bytes extends Serializer<ByteString> {

    private Bytes() {
      super(true, true);
    }

    @Override
    public void write(Kryo kryo, Output output, ByteString bytes) {
      byte[] content = new byte[bytes.size()];
      bytes.asByteBuffer().get(content);
      output.writeVarInt(content.length, true);
      output.writeBytes(content);
    }

    @Override
    public ByteString read(Kryo kryo, Input input, Class<? extends ByteString> type) {
      return ByteString.fromArray(input.readBytes(length(input)));
    }
  }

  private static final class Lists extends Serializer<List<?>> {

    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
      output.writeVarInt(list.size(), true);
      list.forEach(element -> kryo.writeClassAndObject(output, element));
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
      int length = length(input);
      List<Object> list = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        list.add(kryo.readClassAndObject(input));
      }
      return list;
    }
  }

  private static final class Refs extends Serializer<ActorRef<?>> {

    private final ActorRefResolver refs;

    private Refs(ActorRefResolver refs) {
      super(true, true);
      this.refs = refs;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef<?> ref) {
      kryo.writeObject(output, refs.toSerializationFormat(ref));
    }

    @Override
    public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
      return refs.resolveActorRef(kryo.readObject(input, String.class));
    }
  }
}
