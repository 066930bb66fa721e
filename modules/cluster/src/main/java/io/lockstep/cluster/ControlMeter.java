package io.lockstep.cluster;

import akka.Done;
import akka.actor.BootstrapSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.training.Median;
import io.lockstep.wire.MeasuringException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a message to an actor takes until it is dealt with: on the control plane
 * messages are few, so that a thread is woken for each. Of local actors; what travels costs some
 * more.
 */
public final class ControlMeter {

  private static final int MESSAGES = 300;
  private static final int WARM_UP = 10_000;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private record Ask(long sentNanos, ActorRef<Long> replyTo) {}

  private ControlMeter() {}

  /**
   * The median of some hundred messages, in nanoseconds: measured in a moment, by actors of its own
   * that have ended when it returns, or are about to.
   *
   * @throws MeasuringException if one is not answered
   */
  public static double hopNanos() {
    BootstrapSetup setup = LocalRun.setup();
    ActorSystem<Ask> system = ActorSystem.create(answering(), "lockstep-meter", setup);
    try {
      long since = System.nanoTime();
      for (int i = 0; i < WARM_UP && System.nanoTime() - since < WARM_UP_NANOS; i++) {
        ask(system);
      }
      double[] nanos = new double[MESSAGES];
      for (int i = 0; i < MESSAGES; i++) {
        LockSupport.parkNanos(PAUSE_NANOS);
        nanos[i] = (double) ask(system);
      }
      return Median.of(Arrays.stream(nanos));
    } finally {
      system.terminate();
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .completeOnTimeout(Done.done(), PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    }
  }

  private static Behavior<Ask> answering() {
    return Behaviors.receiveMessage(
        ask -> {
          ask.replyTo().tell(System.nanoTime() - ask.sentNanos());
          return Behaviors.same();
        });
  }

  private static long ask(ActorSystem<Ask> system) {
    try {
      return AskPattern.<Ask, Long>ask(
              system, replyTo -> new Ask(System.nanoTime(), replyTo), PATIENCE, system.scheduler())
          .toCompletableFuture()
          .join();
    } catch (CompletionException unanswered) {
      throw new MeasuringException(
          "measuring messages between actors: expected an answer within %d s, found none; measure while nothing else runs, or read a profile (--profile)"
              .formatted(PATIENCE.toSeconds()),
          unanswered);
    }
  }
}
