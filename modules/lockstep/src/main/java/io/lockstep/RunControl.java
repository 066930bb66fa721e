package io.lockstep;

import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.Run;
import io.lockstep.cluster.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has a run go to its end, tells the listeners, and passes on what it is asked to do meanwhile.
 * {@link #train} once, by one thread; the rest by any, before, during and after it.
 */
final class RunControl {

  private final RunEvents events;
  private final List<TrainingListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile boolean timeIsOver;
  private volatile Run running;
  private RuntimeException listenerFailure;

  RunControl(RunEvents events) {
    this.events = events;
  }

  /** Who hears of the run, in order. */
  List<TrainingListener> listeners() {
    return listeners;
  }

  void stop() {
    stopped = true;
    ask(Run::stop);
  }

  boolean stopped() {
    return stopped;
  }

  boolean timeIsOver() {
    return timeIsOver;
  }

  void hold(long version) {
    events.holdFirst(version);
    ask(run -> run.hold(version));
  }

  void release(long nextHold) {
    ask(run -> run.release(nextHold));
  }

  void nodeDied(NodeAddresses node) {
    ask(run -> run.nodeDied(node));
  }

  void join(String worker) {
    ask(run -> run.join(worker));
  }

  void suffer(String node, NodeFault fault) {
    ask(run -> run.suffer(node, fault));
  }

  void checkpointKept(long version) {
    ask(run -> run.checkpointKept(version));
  }

  private void ask(Consumer<Run> what) {
    Run run = running;
    if (run != null) {
      what.accept(run);
    }
  }

  /**
   * Trains to the end.
   *
   * @param limit stops the run when it is over; zero for none
   */
  RunResult train(Supplier<Run> start, Duration limit) {
    if (limit.isZero()) {
      return train(start);
    }
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lockstep-time-limit").daemon(true).factory());
    try {
      Future<?> end = timer.schedule(this::endTime, limit.toMillis(), TimeUnit.MILLISECONDS);
      RunResult result = train(start);
      end.cancel(false);
      return result;
    } finally {
      timer.shutdownNow();
    }
  }

  private void endTime() {
    timeIsOver = !stopped;
    stop();
  }

  private RunResult train(Supplier<Run> start) {
    try (Run run = start.get()) {
      running = run;
      if (stopped) {
        run.stop();
      }
      Future<RunResult> result =
          run.result().toCompletableFuture().whenComplete((r, e) -> events.end());
      tellListeners();
      return result.get();
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException c && c.getCause() != null
              ? c.getCause()
              : e.getCause();
      throw cause instanceof RuntimeException r
          ? r
          : new IllegalStateException("the run failed", cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while training", e);
    } finally {
      running = null;
    }
  }

  /** A listener that fails ends the run like {@link #stop}: what was learned so far is kept. */
  private void tellListeners() throws InterruptedException {
    Optional<Consumer<TrainingListener>> report = events.take();
    while (report.isPresent()) {
      tell(report.get());
      report = events.take();
    }
    for (report = events.rest(); report.isPresent(); report = events.rest()) {
      tell(report.get());
    }
  }

  private void tell(Consumer<TrainingListener> report) {
    listeners.forEach(listener -> tell(listener, report));
  }

  private void tell(TrainingListener listener, Consumer<TrainingListener> report) {
    try {
      report.accept(listener);
    } catch (RuntimeException e) {
      if (listenerFailure == null) {
        listenerFailure = e;
        stop();
      }
    }
  }

  /**
   * To be called when what was learned is kept.
   *
   * @throws IllegalStateException if a listener has failed, with what it threw as the cause
   */
  void requireListeners() {
    if (listenerFailure != null) {
      throw new IllegalStateException(
          "a listener failed, and the run was stopped: " + listenerFailure.getMessage(),
          listenerFailure);
    }
  }
}
