package io.lockstep.cluster;

import static java.util.stream.Collectors.joining;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.model.Jar;
import io.lockstep.training.DataPlane;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** A run on the nodes of a cluster, which this process joins for as long as the run lasts. */
final class ClusterRun implements Run {

  /** A role that neither computes nor votes. */
  private static final String DRIVER = "driver";

  private final CompletableFuture<RunResult> result = new CompletableFuture<>();
  private final ExecutorService thread;
  private final DataPlane plane;
  private final ActorSystem<Driver.Command> system;

  ClusterRun(
      ClusterTarget target,
      RunSpec spec,
      List<Jar> jars,
      PreparedJob prepared,
      Checkpointing checkpointing,
      RunObserver observer) {
    this.plane = DataPlanes.start(target, target.bind());
    try {
      this.thread = DriverThread.start();
    } catch (OutOfMemoryError none) {
      plane.close();
      throw none;
    }
    ClusterAddress address =
        new ClusterAddress(
            target.coordinates() ? Set.of(DRIVER, ClusterSystem.COORDINATOR) : Set.of(DRIVER),
            target.bind(),
            0,
            target.bind(),
            0,
            target.seeds(),
            Duration.ofSeconds(target.patienceSeconds()),
            target.key(),
            false);
    Driver.Transfer transfer = new StateTransfer(plane, spec, prepared, checkpointing.resumed());
    Driver.Parts parts =
        new Driver.Parts(
            spec,
            jars,
            prepared.layerNames(),
            observer,
            transfer,
            checkpointing.every(),
            thread,
            result);
    try {
      this.system = ClusterSystem.start(guardian(parts), address);
    } catch (RuntimeException e) {
      plane.close();
      thread.shutdownNow();
      throw e;
    }
    ActorThreads.ending(system)
        .thenRun(
            () ->
                result.completeExceptionally(
                    new RunFailedException(
                        "the cluster at %s could not be joined within %d s, or was lost: %s"
                            .formatted(
                                target.seeds().stream()
                                    .map(HostPort::toString)
                                    .collect(joining(", ")),
                                target.patienceSeconds(),
                                JoinCheck.reason(target.seeds(), target.key())))));
  }

  private static Behavior<Driver.Command> guardian(Driver.Parts parts) {
    return Behaviors.setup(
        context -> Driver.create(parts, ClusterSystem.coordinator(context.getSystem())));
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
  public void nodeDied(NodeAddresses node) {
    system.tell(new Driver.NodeDied(node));
  }

  @Override
  public void close() {
    system.tell(new Driver.GiveUp()); // Else the cluster would have to notice that it is gone.
    ActorThreads.end(system);
    plane.close();
    thread.shutdownNow();
  }
}
