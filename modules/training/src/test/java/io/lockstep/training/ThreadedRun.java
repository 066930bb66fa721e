package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
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
 * Runs a job with replicas on plain threads, without actors, and keeps all that its observer was
 * told.
 */
class ThreadedRun implements RunObserver {

  private static final long LIMIT_SECONDS = 60;

  final InProcessExchange exchange;
  final List<Replica> replicas = new ArrayList<>();
  final List<Long> steps = new ArrayList<>();
  final List<Double> losses = new ArrayList<>();
  final Map<Evaluation, List<Double>> evaluations = new EnumMap<>(Evaluation.class);
  long divergedStep = -1;
  int divergedLayer = -1;
  private final Job job;

  ThreadedRun(Job job, int workers, int shards, long bucketBytes, List<Kernels> kernels) {
    this.job = job;
    Buckets buckets = new Buckets(job.network().parameters().packedLength(), bucketBytes, shards);
    this.exchange =
        new InProcessExchange(
            job, buckets, job.network().initialWeights(job.seed()), workers, this);
    int maxLeaves = job.mostLeaves();
    for (int i = 0; i < shards; i++) {
      Kernels own = kernels.get(i % kernels.size());
      exchange.open(
          i,
          new Shard(
              own,
              job.network().parameters(),
              job.optimizer(),
              job.schedule(),
              buckets,
              i,
              maxLeaves));
    }
    Plan plan = new Plan(1, workers);
    for (int i = 0; i < workers; i++) {
      replicas.add(new Replica(job, buckets, kernels.get(i % kernels.size()), exchange, plan, i));
    }
  }

  /** Trains to the end of the run or until it stops, and evaluates what is left. */
  ThreadedRun train() {
    onAllThreads(replica -> replica.run(0));
    exchange.settle();
    onAllThreads(replica -> replica.evaluate(Evaluation.TEST, exchange.committedVersion()));
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
      exchange.stop();
      throw new AssertionError(e);
    }
  }

  float[] weights() {
    return job.network().parameters().toCanonical(exchange.weights(exchange.committedVersion()));
  }

  @Override
  public void started() {}

  @Override
  public void trained(long version, float[] weights) {}

  @Override
  public void stepCommitted(long step, Sums sums) {
    steps.add(step);
    losses.add(sums.loss / sums.weight);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    evaluations.computeIfAbsent(evaluation, e -> new ArrayList<>()).add(sums.loss / sums.weight);
  }

  @Override
  public void diverged(long step, int layer) {
    divergedStep = step;
    divergedLayer = layer;
  }
}
