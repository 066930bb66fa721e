package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.InProcessExchange;
import io.lockstep.training.Job;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The life of a run: opens parameter servers and workers, gives the plan, lets them train,
 * evaluates the last version, and completes the result.
 *
 * <p>Phases: opening (every shard and replica is ready) → training (every worker has left its
 * steps) → evaluating (every worker's share is in) → stopped. A worker that fails ends the run.
 * Every phase but training itself has a time limit, and so has the leaving of training once it is
 * stopped.
 */
public final class Coordinator {

  /** What the coordinator is told. */
  public sealed interface Command {}

  /** A parameter server has opened its shard. */
  public record ServerReady(int server) implements Command {}

  /** A parameter server cannot open its shard. */
  public record ServerFailed(Throwable cause) implements Command {}

  /** A worker has its replica and warm kernels. */
  public record WorkerReady(int worker) implements Command {}

  /** A worker has left its steps, at the end of the run or because it was stopped. */
  public record WorkerLeft(int worker, long microBatches) implements Command {}

  /** A worker's share of the evaluations is in. */
  public record WorkerEvaluated(int worker) implements Command {}

  /** A worker cannot go on. */
  public record WorkerFailed(int worker, Throwable cause) implements Command {}

  /** Ends the run at the last committed version. */
  public record Stop() implements Command {}

  private record Diverged(long step, int layer) implements Command {}

  private record Evaluated(Evaluation evaluation, long version, Sums sums) implements Command {}

  private record TimedOut(String phase) implements Command {}

  private record ChildLost(String name) implements Command {}

  /** Reserving memory and warming kernels takes seconds; a machine that swaps takes longer. */
  private static final Duration OPENING_LIMIT = Duration.ofMinutes(5);

  /** A stopped worker leaves within one pass; an evaluation is one forward pass over the rows. */
  private static final Duration LEAVING_LIMIT = Duration.ofMinutes(10);

  private static final Duration EVALUATION_LIMIT = Duration.ofHours(2);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Job job;
  private final RunSettings settings;
  private final InProcessExchange exchange;
  private final CompletableFuture<RunResult> result;
  private final RunObserver observer;
  private final List<ActorRef<Worker.Command>> workers = new ArrayList<>();
  private final BitSet awaitedServers = new BitSet();
  private final BitSet awaitedWorkers = new BitSet();
  private final long[] microBatches;
  private final Map<Evaluation, Evaluated> evaluated = new EnumMap<>(Evaluation.class);
  private Optional<RunResult.Divergence> divergence = Optional.empty();
  private Throwable failure;

  private Coordinator(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Job job,
      RunSettings settings,
      float[] initialWeights,
      RunObserver observer,
      CompletableFuture<RunResult> result) {
    this.context = context;
    this.timers = timers;
    this.job = job;
    this.settings = settings;
    this.result = result;
    this.microBatches = new long[settings.workers()];
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, settings.bucketBytes(), settings.servers());
    this.observer = new Reporting(observer, context.getSelf());
    this.exchange =
        new InProcessExchange(job, buckets, initialWeights, settings.workers(), this.observer);
    Plan plan = new Plan(1, settings.workers());
    spawnServers(buckets);
    spawnWorkers(buckets, plan);
  }

  /**
   * Runs {@code job} from {@code initialWeights} and completes {@code result} once, however the run
   * ends.
   *
   * @param initialWeights packed θ of version 0, taken over
   * @param observer told of steps and evaluations, see {@link RunObserver} for the threads
   */
  public static Behavior<Command> create(
      Job job,
      RunSettings settings,
      float[] initialWeights,
      RunObserver observer,
      CompletableFuture<RunResult> result) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  try {
                    return new Coordinator(
                            context, timers, job, settings, initialWeights, observer, result)
                        .opening();
                  } catch (RuntimeException | OutOfMemoryError e) {
                    result.completeExceptionally(e);
                    return Behaviors.stopped();
                  }
                }));
  }

  private void spawnServers(Buckets buckets) {
    for (int i = 0; i < settings.servers(); i++) {
      awaitedServers.set(i);
      watched(
          ParameterServer.create(i, job, buckets, settings, exchange, context.getSelf()),
          "parameter-server-" + i);
    }
  }

  private void spawnWorkers(Buckets buckets, Plan plan) {
    for (int i = 0; i < settings.workers(); i++) {
      int number = i;
      awaitedWorkers.set(i);
      Supplier<Replica> replica = () -> warmReplica(buckets, plan, number);
      workers.add(watched(Worker.create(number, replica, context.getSelf()), "worker-" + number));
    }
  }

  /**
   * On the worker's thread: its memory is near that core, and the first worker's kernels are
   * compiled for all.
   */
  private Replica warmReplica(Buckets buckets, Plan plan, int number) {
    settings.kernels().warmUp();
    return new Replica(job, buckets, settings.kernels(), exchange, plan, number);
  }

  private <T> ActorRef<T> watched(Behavior<T> behavior, String name) {
    ActorRef<T> child = context.spawn(behavior, name);
    context.watchWith(child, new ChildLost(name));
    return child;
  }

  /** What holds in every phase: its time limit, and that no child may be lost. */
  private BehaviorBuilder<Command> phase() {
    return BehaviorBuilder.<Command>create()
        .onMessage(TimedOut.class, this::timedOut)
        .onMessage(ChildLost.class, lost -> abort(new IllegalStateException(lost.name() + " died")))
        .onMessage(ServerFailed.class, failed -> abort(failed.cause()))
        .onSignal(PostStop.class, this::postStop);
  }

  /** However the coordinator ends, its workers' threads leave within their current pass. */
  private Behavior<Command> postStop(PostStop signal) {
    exchange.stop();
    return Behaviors.same();
  }

  private Behavior<Command> opening() {
    limit("opening", OPENING_LIMIT);
    return phase()
        .onMessage(ServerReady.class, ready -> opened(awaitedServers, ready.server()))
        .onMessage(WorkerReady.class, ready -> opened(awaitedWorkers, ready.worker()))
        .onMessage(Stop.class, stop -> abandonOpening())
        .onMessage(WorkerFailed.class, failed -> abort(failed.cause()))
        .build();
  }

  private Behavior<Command> opened(BitSet awaited, int number) {
    awaited.clear(number);
    return awaitedServers.isEmpty() && awaitedWorkers.isEmpty() ? training() : Behaviors.same();
  }

  private Behavior<Command> abandonOpening() {
    exchange.stop(); // The replicas leave before their first step.
    return Behaviors.same();
  }

  private Behavior<Command> training() {
    timers.cancelAll();
    observer.started();
    tellWorkers(new Worker.Train(0));
    return phase()
        .onMessage(WorkerLeft.class, this::left)
        .onMessage(Stop.class, stop -> leave())
        .onMessage(Diverged.class, this::diverged)
        .onMessage(Evaluated.class, this::evaluated)
        .onMessage(WorkerFailed.class, this::failed)
        .build();
  }

  private Behavior<Command> diverged(Diverged diverged) {
    divergence = Optional.of(new RunResult.Divergence(diverged.step(), diverged.layer()));
    return leave();
  }

  private Behavior<Command> failed(WorkerFailed failed) {
    if (failure == null) {
      failure = failed.cause();
      leave();
    }
    return left(new WorkerLeft(failed.worker(), 0));
  }

  private Behavior<Command> leave() {
    exchange.stop();
    limit("leaving the current step", LEAVING_LIMIT);
    return Behaviors.same();
  }

  private Behavior<Command> left(WorkerLeft left) {
    microBatches[left.worker()] = left.microBatches();
    awaitedWorkers.clear(left.worker());
    if (!awaitedWorkers.isEmpty()) {
      return Behaviors.same();
    }
    return failure == null ? evaluating() : abort(failure);
  }

  private Behavior<Command> evaluating() {
    exchange.settle();
    long version = exchange.committedVersion();
    observer.trained(version, exchange.weights(version));
    List<Evaluation> open = openEvaluations(version);
    if (open.isEmpty()) {
      return finish(version);
    }
    limit("evaluating", EVALUATION_LIMIT);
    tellWorkers(new Worker.Evaluate(open, version));
    return phase()
        .onMessage(Evaluated.class, this::evaluated)
        .onMessage(WorkerEvaluated.class, done -> shareIn(done.worker(), version))
        .onMessage(WorkerFailed.class, failed -> abort(failed.cause()))
        .onMessage(Diverged.class, diverged -> Behaviors.same())
        .onMessage(Stop.class, stop -> Behaviors.same())
        .build();
  }

  private List<Evaluation> openEvaluations(long version) {
    List<Evaluation> open = new ArrayList<>();
    for (Evaluation evaluation : Evaluation.values()) {
      Evaluated known = evaluated.get(evaluation);
      if (evaluation.rows(job).size() > 0 && (known == null || known.version() != version)) {
        open.add(evaluation);
      }
    }
    return open;
  }

  private Behavior<Command> evaluated(Evaluated done) {
    evaluated.put(done.evaluation(), done);
    return Behaviors.same();
  }

  private Behavior<Command> shareIn(int worker, long version) {
    awaitedWorkers.clear(worker);
    return awaitedWorkers.isEmpty() ? finish(version) : Behaviors.same();
  }

  private Behavior<Command> finish(long version) {
    Map<Evaluation, Sums> sums = new EnumMap<>(Evaluation.class);
    evaluated.forEach((evaluation, done) -> sums.put(evaluation, done.sums()));
    result.complete(
        new RunResult(version, exchange.weights(version), sums, microBatches, divergence));
    return Behaviors.stopped(); // And with it its children.
  }

  private Behavior<Command> abort(Throwable cause) {
    exchange.stop();
    result.completeExceptionally(cause);
    return Behaviors.stopped(); // And with it its children.
  }

  private Behavior<Command> timedOut(TimedOut timedOut) {
    return abort(
        new IllegalStateException(
            timedOut.phase() + " took too long; workers still busy: " + awaitedWorkers));
  }

  private void tellWorkers(Worker.Command command) {
    awaitedWorkers.set(0, workers.size());
    workers.forEach(worker -> worker.tell(command));
  }

  private void limit(String phase, Duration limit) {
    timers.startSingleTimer("limit", new TimedOut(phase), limit);
  }

  /**
   * Passes on what the exchange tells, on its threads, and sends the coordinator what it must act
   * on.
   */
  private record Reporting(RunObserver observer, ActorRef<Command> self) implements RunObserver {

    @Override
    public void started() {
      observer.started();
    }

    @Override
    public void trained(long version, float[] weights) {
      observer.trained(version, weights);
    }

    @Override
    public void stepCommitted(long step, Sums sums) {
      observer.stepCommitted(step, sums);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {
      observer.evaluated(evaluation, version, sums);
      Sums copy = new Sums();
      copy.copy(sums);
      self.tell(new Evaluated(evaluation, version, copy));
    }

    @Override
    public void diverged(long step, int layer) {
      observer.diverged(step, layer);
      self.tell(new Diverged(step, layer));
    }
  }
}
