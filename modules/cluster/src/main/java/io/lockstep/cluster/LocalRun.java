package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Job;
import io.lockstep.wire.NettyDataPlane;
import io.lockstep.wire.SharedKey;
import io.lockstep.wire.WireSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A run whose coordinator, workers and parameter servers live in this JVM, with an actor system of
 * their own: the same actors as in a cluster, on a data plane of references or, if asked, of
 * sockets.
 */
public final class LocalRun implements Run {

  private static final int PATIENCE_SECONDS = 60;
  private static final Fingerprint OWN = new Fingerprint("", "", "", 0, "");

  private final CompletableFuture<RunResult> result = new CompletableFuture<>();
  private final List<DataPlane> planes = new ArrayList<>();
  private final List<Node.Parts> nodes = new ArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("lockstep-driver").daemon(true).factory());
  private final PreparedJob prepared;
  private final RunSpec spec;
  private final ActorSystem<Driver.Command> system;

  private LocalRun(
      Job job, RunSettings settings, Checkpointing checkpointing, RunObserver observer) {
    this.prepared = new PreparedJob(job, OWN, settings.kernels());
    RunRequest request =
        new RunRequest(
            settings.workers(), settings.servers(), settings.bucketBytes(), PATIENCE_SECONDS);
    try {
      addNodes(settings);
      this.spec = RunSpecs.of("local", "", List.of(), prepared, request, checkpointing);
      this.system = ActorSystem.create(guardian(checkpointing, observer), "lockstep", config());
    } catch (RuntimeException e) {
      letGo();
      throw e;
    }
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) ->
                result.completeExceptionally(new IllegalStateException("the run was broken off")));
  }

  /**
   * Starts training {@code job} from its initial weights.
   *
   * @param observer told of steps and evaluations, see {@link RunObserver}
   */
  public static LocalRun start(Job job, RunSettings settings, RunObserver observer) {
    return start(job, settings, Checkpointing.NONE, observer);
  }

  /**
   * Starts training {@code job}.
   *
   * @param checkpointing what it goes on from, and what is kept
   * @param observer told of steps and evaluations, see {@link RunObserver}
   */
  public static LocalRun start(
      Job job, RunSettings settings, Checkpointing checkpointing, RunObserver observer) {
    return new LocalRun(job, settings, checkpointing, observer);
  }

  private void addNodes(RunSettings settings) {
    if (settings.overSockets()) {
      addNodesWithSockets(settings);
    } else {
      addNode("local", settings.workers(), settings.servers(), new InProcessDataPlane());
    }
  }

  private void addNodesWithSockets(RunSettings settings) {
    SharedKey key = SharedKey.random();
    for (int i = 0; i < settings.servers(); i++) {
      addNode("server-" + i, 0, 1, NettyDataPlane.start(WireSettings.loopback(key)));
    }
    for (int i = 0; i < settings.workers(); i++) {
      addNode("worker-" + i, 1, 0, NettyDataPlane.start(WireSettings.loopback(key)));
    }
  }

  private void addNode(String name, int slots, int shards, DataPlane plane) {
    planes.add(plane);
    nodes.add(
        new Node.Parts(
            name,
            slots,
            shards,
            plane,
            (run, jars) -> prepared,
            false,
            result::completeExceptionally));
  }

  private static Config config() {
    ClassLoader loader = LocalRun.class.getClassLoader();
    Config config = ConfigFactory.parseResources(loader, "lockstep-akka.conf");
    return config.withFallback(ConfigFactory.defaultReference(loader)).resolve();
  }

  private Behavior<Driver.Command> guardian(Checkpointing checkpointing, RunObserver observer) {
    return Behaviors.setup(
        context -> {
          ActorRef<Coordinator.Command> coordinator =
              context.spawn(Coordinator.create(), "coordinator");
          nodes.forEach(
              node -> context.spawn(Node.create(node, coordinator), "node-" + node.name()));
          Driver.Transfer transfer =
              new StateTransfer(planes.getLast(), spec, prepared, checkpointing.resumed());
          return Driver.create(
              new Driver.Parts(
                  spec, List.of(), observer, transfer, checkpointing.every(), thread, result),
              coordinator);
        });
  }

  @Override
  public CompletionStage<RunResult> result() {
    return result;
  }

  @Override
  public void stop() {
    system.tell(new Driver.Stop());
  }

  @Override
  public void hold(long version) {
    system.tell(new Driver.Hold(version));
  }

  @Override
  public void checkpointKept(long version) {
    system.tell(new Driver.CheckpointKept(version));
  }

  @Override
  public void release(long nextHold) {
    system.tell(new Driver.Release(nextHold));
  }

  @Override
  public void close() {
    ActorThreads.end(system);
    letGo();
  }

  private void letGo() {
    thread.shutdownNow();
    planes.forEach(DataPlane::close);
  }
}
