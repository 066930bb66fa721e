package io.lockstep.cluster;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lockstep.training.Job;
import io.lockstep.training.RunObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A run whose coordinator, workers and parameter servers live in this JVM, with an actor system of
 * their own.
 *
 * <p>Thread-safe. Whoever starts it closes it; closing a run that still trains breaks it off.
 */
public final class LocalRun implements AutoCloseable {

  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(30);

  private final ActorSystem<Coordinator.Command> system;
  private final CompletableFuture<RunResult> result;

  private LocalRun(ActorSystem<Coordinator.Command> system, CompletableFuture<RunResult> result) {
    this.system = system;
    this.result = result;
  }

  /**
   * Starts training {@code job} from its initial weights.
   *
   * @param observer told of steps and evaluations on compute threads, see {@link RunObserver}
   */
  public static LocalRun start(Job job, RunSettings settings, RunObserver observer) {
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    float[] weights = job.network().initialWeights(job.seed());
    ClassLoader loader = LocalRun.class.getClassLoader();
    Config config = ConfigFactory.parseResources(loader, "lockstep-akka.conf");
    Config resolved = config.withFallback(ConfigFactory.defaultReference(loader)).resolve();
    ActorSystem<Coordinator.Command> system =
        ActorSystem.create(
            Coordinator.create(job, settings, weights, observer, result), "lockstep", resolved);
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) ->
                result.completeExceptionally(new IllegalStateException("the run was broken off")));
    return new LocalRun(system, result);
  }

  /** Completes when the run ends, however it ends. */
  public CompletionStage<RunResult> result() {
    return result;
  }

  /** Ends the run at the last committed version; {@link #result} completes soon after. */
  public void stop() {
    system.tell(new Coordinator.Stop());
  }

  /** Ends all actors and their threads. */
  @Override
  public void close() {
    system.terminate();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(CLOSING_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system
          .log()
          .warn("the actors of the run did not end within {}: {}", CLOSING_LIMIT, e.toString());
    }
  }
}
