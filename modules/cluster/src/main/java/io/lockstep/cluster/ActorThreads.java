package io.lockstep.cluster;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends actor systems within a bound. */
final class ActorThreads {

  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(30);

  private ActorThreads() {}

  /** Has a system leave its cluster, if it is in one, and end; returns at once. */
  static CompletionStage<Done> begin(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }

  /**
   * Completes when a system ends, for whatever reason: it has left its cluster. Its last threads
   * may still be about to end.
   */
  static CompletionStage<Void> ending(ActorSystem<?> system) {
    CompletableFuture<Void> ending = new CompletableFuture<>();
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseActorSystemTerminate(),
            "tell",
            () -> {
              ending.complete(null);
              return CompletableFuture.completedFuture(Done.getInstance());
            });
    system.getWhenTerminated().whenComplete((done, failure) -> ending.complete(null));
    return ending;
  }

  /** Whether a system is about to end. */
  static boolean isEnding(ActorSystem<?> system) {
    return CoordinatedShutdown.get(system).getShutdownReason().isPresent();
  }

  /** Ends all actors and their threads. */
  static void end(ActorSystem<?> system) {
    try {
      begin(system).toCompletableFuture().get(CLOSING_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system.log().warn("the actors did not end within {}: {}", CLOSING_LIMIT, e.toString());
    }
  }
}
