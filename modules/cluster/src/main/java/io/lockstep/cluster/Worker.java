package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunIdentity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Owns the life of one replica and the thread that it computes on.
 *
 * <p>The actor only starts work on that thread and reports its end to its node; it never computes
 * or waits itself. It ends with its node's part in the run, and its thread after the current pass.
 */
final class Worker {

  /** What a worker is told. */
  sealed interface Command {}

  /** Takes part in the steps until the run ends; answered by {@link Node.WorkerLeft}. */
  record Train() implements Command {}

  /** Evaluates its share of {@code evaluations} on {@code version}. */
  record Evaluate(List<Evaluation> evaluations, long version, Plan plan) implements Command {}

  private record Prepared(Replica replica) implements Command {}

  private record Done(Node.Command report) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private final ActorContext<Command> context;
  private final RunIdentity run;
  private final int slot;
  private final ActorRef<Node.Command> node;
  private final ExecutorService thread;

  private Worker(
      ActorContext<Command> context, RunIdentity run, int slot, ActorRef<Node.Command> node) {
    this.context = context;
    this.run = run;
    this.slot = slot;
    this.node = node;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("lockstep-worker-" + slot).daemon(true).factory());
  }

  /**
   * @param replicas makes the replica, on the worker's own thread, so that its memory is near that
   *     thread's core
   */
  static Behavior<Command> create(
      RunIdentity run, int slot, Supplier<Replica> replicas, ActorRef<Node.Command> node) {
    return Behaviors.setup(context -> new Worker(context, run, slot, node).preparing(replicas));
  }

  private Behavior<Command> preparing(Supplier<Replica> replicas) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(replicas, thread),
        (replica, failure) -> failure == null ? new Prepared(replica) : new Failed(failure));
    return Behaviors.receive(Command.class)
        .onMessage(
            Prepared.class,
            prepared -> {
              node.tell(new Node.WorkerReady(run, slot));
              return ready(prepared.replica());
            })
        .onMessage(Failed.class, this::fail)
        .onSignal(PostStop.class, this::postStop)
        .build();
  }

  private Behavior<Command> ready(Replica replica) {
    return Behaviors.receive(Command.class)
        .onMessage(Train.class, train -> begin(() -> train(replica)))
        .onMessage(Evaluate.class, evaluate -> begin(() -> evaluate(replica, evaluate)))
        .onMessage(Done.class, this::report)
        .onMessage(Failed.class, this::fail)
        .onSignal(PostStop.class, this::postStop)
        .build();
  }

  private Node.Command train(Replica replica) {
    replica.run();
    return new Node.WorkerLeft(run, slot, replica.microBatchesComputed());
  }

  private Node.Command evaluate(Replica replica, Evaluate evaluate) {
    for (Evaluation evaluation : evaluate.evaluations()) {
      replica.evaluate(evaluation, evaluate.version(), evaluate.plan());
    }
    return new Node.WorkerEvaluated(run, slot);
  }

  private Behavior<Command> begin(Supplier<Node.Command> work) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(work, thread),
        (report, failure) -> failure == null ? new Done(report) : new Failed(failure));
    return Behaviors.same();
  }

  private Behavior<Command> report(Done done) {
    node.tell(done.report());
    return Behaviors.same();
  }

  private Behavior<Command> fail(Failed failed) {
    node.tell(new Node.WorkerFailed(run, slot, failed.cause()));
    return Behaviors.same();
  }

  private Behavior<Command> postStop(PostStop signal) {
    thread.shutdown();
    return Behaviors.same();
  }
}
