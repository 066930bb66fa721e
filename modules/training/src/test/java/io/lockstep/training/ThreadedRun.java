package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a job with replicas on plain threads, without actors, and keeps all that its shards told.
 */
class ThreadedRun implements ShardListener {

  private static final long LIMIT_SECONDS = 60;
  private static final RunIdentity RUN = new RunIdentity(1, 2);

  final InProcessDataPlane plane = new InProcessDataPlane();
  final NodeExchange exchange;
  private final List<NodeExchange> exchanges = new ArrayList<>();
  final List<ShardHost> shards = new ArrayList<>();
  final List<Replica> replicas = new ArrayList<>();
  final List<Long> steps = new ArrayList<>();
  final List<Double> losses = new ArrayList<>();
  final Map<Evaluation, List<Double>> evaluations = new EnumMap<>(Evaluation.class);
  long divergedStep = -1;
  int divergedLayer = Sums.NONE;
  private final Job job;
  private final int places;

  /** Of all nodes, for each of the kernels. */
  final List<Workplaces> workplaces = new ArrayList<>();

  private long version;
  private final StepTotals totals;

  /** What shards tell is answered from another thread: their own has locks of theirs. */
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  ThreadedRun(Job job, int workers, int shards, long bucketBytes, List<Kernels> kernels) {
    this(job, List.of(new Plan.Share(0, workers)), shards, bucketBytes, kernels);
  }

  /** Of several nodes, which compute what a plan with {@code shares} gives them. */
  ThreadedRun(
      Job job, List<Plan.Share> shares, int shards, long bucketBytes, List<Kernels> kernels) {
    this(job, shares, shards, bucketBytes, kernels, Runtime.getRuntime().availableProcessors());
  }

  /** On which replicas of the same kernels share so many places of their node. */
  ThreadedRun(
      Job job,
      List<Plan.Share> shares,
      int shards,
      long bucketBytes,
      List<Kernels> kernels,
      int places) {
    this.job = job;
    this.places = places;
    this.totals =
        new StepTotals(
            shards, (shard, step, of) -> this.shards.get(shard).totals(step, toArray(of)));
    Buckets buckets = new Buckets(job.network().parameters().packedLength(), bucketBytes, shards);
    for (int i = 0; i < shards; i++) {
      Kernels own = kernels.get(i % kernels.size());
      Theta theta = plane.theta(buckets, i);
      ShardHost shard = new ShardHost(job, buckets, own, i, theta, listener(i));
      this.shards.add(shard);
      plane.serve(RUN, shard);
    }
    shares.forEach(share -> connect(share, buckets, kernels));
    this.exchange = exchanges.getFirst();
    know(new Plan(1, shares));
    this.shards.getFirst().activate(1);
    this.shards.getFirst().start();
  }

  private void connect(Plan.Share share, Buckets buckets, List<Kernels> kernels) {
    List<Endpoint> servers = Collections.nCopies(shards.size(), plane.endpoint());
    Kernels adding = kernels.getFirst();
    NodeExchange connected =
        plane.connect(RUN, "test", job, buckets, adding, share.node(), share.slots(), servers);
    exchanges.add(connected);
    List<Workplaces> ofNode =
        kernels.stream()
            .map(own -> new Workplaces(job, buckets, own, share.slots(), places))
            .toList();
    workplaces.addAll(ofNode);
    for (int slot = 0; slot < share.slots(); slot++) {
      Workplaces own = ofNode.get(replicas.size() % ofNode.size());
      replicas.add(new Replica(own, connected, slot, new Slowdown()));
    }
  }

  /** Makes a plan known to all nodes. */
  final void know(Plan plan) {
    exchanges.forEach(node -> node.know(plan));
  }

  /** All shards tell of the same steps; the first is asked for what all of them know. */
  private ShardListener listener(int shard) {
    return shard == 0 ? this : new Divergences(shard);
  }

  private static double[] toArray(List<Double> of) {
    return of.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void measured(int shard, long step, TotalsPart part) {
    answers.execute(() -> totals.measured(shard, step, part));
  }

  @Override
  public void measured(long step, TotalsPart part) {
    measured(0, step, part);
  }

  private final class Divergences implements ShardListener {

    private final int shard;

    Divergences(int shard) {
      this.shard = shard;
    }

    @Override
    public void measured(long step, TotalsPart part) {
      ThreadedRun.this.measured(shard, step, part);
    }

    @Override
    public void stepDone(long step, int layer, Sums sums) {
      if (layer != Sums.NONE) {
        diverged(step, layer);
      }
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }

  /** Trains to the end of the run or until it stops, and evaluates what is left. */
  ThreadedRun train() {
    onAllThreads(Replica::run);
    version = shards.stream().mapToLong(ShardHost::halt).min().orElseThrow();
    shards.forEach(shard -> shard.settle(version));
    exchanges.forEach(node -> node.settle(version));
    onAllThreads(replica -> replica.evaluate(Evaluation.TEST, version));
    return this;
  }

  private void onAllThreads(java.util.function.Consumer<Replica> work) {
    try (ExecutorService threads = Executors.newFixedThreadPool(replicas.size())) {
      List<Future<?>> running = new ArrayList<>();
      for (Replica replica : replicas) {
        running.add(threads.submit(() -> work.accept(replica)));
      }
      for (Future<?> future : running) {
        future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      exchanges.forEach(NodeExchange::stop);
      throw new AssertionError(e);
    }
  }

  /** The version that the run ended at. */
  long version() {
    return version;
  }

  float[] weights() {
    return job.network().parameters().toCanonical(exchange.weights(version));
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    if (layer == Sums.NONE) {
      steps.add(step);
      losses.add(sums.loss / sums.weight);
    } else {
      diverged(step, layer);
    }
  }

  private synchronized void diverged(long step, int layer) {
    divergedStep = step;
    divergedLayer = Math.min(divergedLayer, layer);
    exchanges.forEach(NodeExchange::stop);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    evaluations.computeIfAbsent(evaluation, e -> new ArrayList<>()).add(sums.loss / sums.weight);
  }

  @Override
  public void begun(long version, int plan) {}
}
