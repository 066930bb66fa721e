package io.lockstep.cluster;

import akka.actor.BootstrapSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.Job;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/**
 * A run whose coordinator, workers and parameter servers live in this JVM, with an actor system of
 * their own: the same actors as in a cluster, on a data plane of references or, if asked, of
 * sockets.
 */
public final class LocalRun implements Run {

  private static final int PATIENCE_SECONDS = 60;
  private static final Fingerprint OWN = new Fingerprint("", "", "", 0, "");

  private final CompletableFuture<RunResult> result = new CompletableFuture<>();
  private final LocalNodes nodes;
  private final ExecutorService thread;
  private final PreparedJob prepared;
  private final RunSpec spec;
  private final ActorSystem<Driver.Command> system;

  private LocalRun(
      Job job, RunSettings settings, Checkpointing checkpointing, RunObserver observer) {
    this.prepared = new PreparedJob(job, OWN, settings.kernels());
    RunRequest request =
        new RunRequest(
            settings.workers(),
            settings.servers(),
            0,
            settings.bucketBytes(),
            PATIENCE_SECONDS,
            settings.traced());
    this.nodes = new LocalNodes(prepared, settings, result::completeExceptionally);
    try {
      this.thread = DriverThread.start();
    } catch (OutOfMemoryError none) {
      nodes.close();
      throw none;
    }
    try {
      this.spec = RunSpecs.of("local", "", List.of(), prepared, request, checkpointing);
      this.system = ActorSystem.create(guardian(checkpointing, observer), "lockstep", setup());
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

  /** What actors of one JVM run with. */
  static BootstrapSetup setup() {
    ClassLoader loader = AkkaResources.ofLocalSystem();
    Config config = ConfigFactory.parseResources(loader, "lockstep-akka.conf");
    return BootstrapSetup.create(
            config.withFallback(ConfigFactory.defaultReference(loader)).resolve())
        .withClassloader(loader);
  }

  private Behavior<Driver.Command> guardian(Checkpointing checkpointing, RunObserver observer) {
    return Behaviors.setup(
        context -> {
          ActorRef<Coordinator.Command> coordinator =
              context.spawn(Coordinator.create(), "coordinator");
          nodes.start(context::spawn, coordinator);
          Driver.Transfer transfer =
              new StateTransfer(nodes.plane(), spec, prepared, checkpointing.resumed());
          return Driver.create(
              new Driver.Parts(
                  spec,
                  List.of(),
                  prepared.layerNames(),
                  observer,
                  transfer,
                  checkpointing.every(),
                  thread,
                  result),
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
  public void join(String worker) {
    nodes.join(system::systemActorOf, worker);
  }

  @Override
  public void suffer(String node, NodeFault fault) {
    nodes.suffer(node, fault);
  }

  @Override
  public void close() {
    nodes.goOn();
    ActorThreads.end(system);
    letGo();
  }

  private void letGo() {
    thread.shutdownNow();
    nodes.close();
  }
}
