package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Replica;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Owns the life of one replica and the thread that it computes on.
 *
 * <p>The actor only starts work on that thread and reports its end; it never computes or waits
 * itself. It ends with its coordinator, and its thread after the current pass.
 */
public final class Worker {

  /** What a worker is told. */
  public sealed interface Command {}

  /**
   * Takes part in all steps from {@code firstStep} on; answered by {@link Coordinator.WorkerLeft}.
   */
  public record Train(long firstStep) implements Command {}

  /**
   * Evaluates its share of {@code evaluations} on {@code version}; answered by {@link
   * Coordinator.WorkerEvaluated}.
   */
  public record Evaluate(List<Evaluation> evaluations, long version) implements Command {}

  private record Prepared(Replica replica) implements Command {}

  private record Done(Coordinator.Command report) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private final ActorContext<Command> context;
  private final int number;
  private final ActorRef<Coordinator.Command> coordinator;
  private final ExecutorService thread;

  private Worker(
      ActorContext<Command> context, int number, ActorRef<Coordinator.Command> coordinator) {
    this.context = context;
    this.number = number;
    this.coordinator = coordinator;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("lockstep-worker-" + number).daemon(true).factory());
  }

  /**
   * @param replicas makes the replica, on the worker's own thread, so that its memory is near that
   *     thread's core
   */
  static Behavior<Command> create(
      int number, Supplier<Replica> replicas, ActorRef<Coordinator.Command> coordinator) {
    return Behaviors.setup(context -> new Worker(context, number, coordinator).preparing(replicas));
  }

  private Behavior<Command> preparing(Supplier<Replica> replicas) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(replicas, thread),
        (replica, failure) -> failure == null ? new Prepared(replica) : new Failed(failure));
    return Behaviors.receive(Command.class)
        .onMessage(
            Prepared.class,
            prepared -> {
              coordinator.tell(new Coordinator.WorkerReady(number));
              return ready(prepared.replica());
            })
        .onMessage(Failed.class, this::fail)
        .onSignal(PostStop.class, this::postStop)
        .build();
  }

  private Behavior<Command> ready(Replica replica) {
    return Behaviors.receive(Command.class)
        .onMessage(Train.class, train -> begin(() -> train(replica, train.firstStep())))
        .onMessage(Evaluate.class, evaluate -> begin(() -> evaluate(replica, evaluate)))
        .onMessage(Done.class, this::report)
        .onMessage(Failed.class, this::fail)
        .onSignal(PostStop.class, this::postStop)
        .build();
  }

  private Coordinator.Command train(Replica replica, long firstStep) {
    replica.run(firstStep);
    return new Coordinator.WorkerLeft(number, replica.microBatchesComputed());
  }

  private Coordinator.Command evaluate(Replica replica, Evaluate evaluate) {
    for (Evaluation evaluation : evaluate.evaluations()) {
      replica.evaluate(evaluation, evaluate.version());
    }
    return new Coordinator.WorkerEvaluated(number);
  }

  private Behavior<Command> begin(Supplier<Coordinator.Command> work) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(work, thread),
        (report, failure) -> failure == null ? new Done(report) : new Failed(failure));
    return Behaviors.same();
  }

  private Behavior<Command> report(Done done) {
    coordinator.tell(done.report());
    return Behaviors.same();
  }

  private Behavior<Command> fail(Failed failed) {
    coordinator.tell(new Coordinator.WorkerFailed(number, failed.cause()));
    return Behaviors.same();
  }

  private Behavior<Command> postStop(PostStop signal) {
    thread.shutdown();
    return Behaviors.same();
  }
}
