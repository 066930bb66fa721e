package io.lockstep.cluster;

import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends actor systems within a bound. */
final class ActorThreads {

  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(30);

  private ActorThreads() {}

  /** Ends all actors and their threads. */
  static void end(ActorSystem<?> system) {
    system.terminate();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(CLOSING_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      system.log().warn("the actors did not end within {}: {}", CLOSING_LIMIT, e.toString());
    }
  }
}
