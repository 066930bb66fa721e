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
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Measures how long a message to an actor takes until it is dealt with: on the control plane
 * messages are few, so that a thread is woken for each. Of local actors; what travels costs some
 * more.
 */
public final class ControlMeter {

  private static final int MESSAGES = 300;

  /** What a median can be trusted of. */
  private static final int LEAST_MESSAGES = 30;

  private static final int WARM_UP = 10_000;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** For all messages together. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  /** An actor, and a clock. */
  interface Subject {

    /** What the clock shows, in nanoseconds. */
    long now();

    /** Lets the actor's thread fall asleep. */
    void pause(long nanos);

    /**
     * Sends a message.
     *
     * @param patience how long it is waited for, more than nothing
     * @return nanoseconds until it was dealt with
     * @throws CompletionException if there is no answer
     */
    long ask(Duration patience);
  }

  private record Ask(long sentNanos, ActorRef<Long> replyTo) {}

  private final Subject subject;
  private final long since;

  /** Why there was no answer; null while there is one. */
  private CompletionException unanswered;

  /** The time begins. */
  ControlMeter(Subject subject) {
    this.subject = subject;
    this.since = subject.now();
  }

  /**
   * The median of some hundred messages, in nanoseconds; on a machine that is slow now of as many
   * as are answered within 10 s, and at least of 30. Measured by actors of its own that have ended
   * when it returns, or are about to.
   *
   * @throws MeasuringException if fewer are answered
   */
  public static double hopNanos() {
    BootstrapSetup setup = LocalRun.setup();
    ActorSystem<Ask> system = ActorSystem.create(answering(), "lockstep-meter", setup);
    try {
      return new ControlMeter(actors(system)).median();
    } finally {
      system.terminate();
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .completeOnTimeout(Done.done(), END_LIMIT.toSeconds(), TimeUnit.SECONDS)
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

  private static Subject actors(ActorSystem<Ask> system) {
    return new Subject() {
      @Override
      public long now() {
        return System.nanoTime();
      }

      @Override
      public void pause(long nanos) {
        LockSupport.parkNanos(nanos);
      }

      @Override
      public long ask(Duration patience) {
        return AskPattern.<Ask, Long>ask(
                system,
                replyTo -> new Ask(System.nanoTime(), replyTo),
                patience,
                system.scheduler())
            .toCompletableFuture()
            .join();
      }
    };
  }

  /** As {@link #hopNanos}. */
  double median() {
    warmUp();
    double[] nanos =
        IntStream.range(0, MESSAGES)
            .mapToObj(message -> hopAfterPause())
            .takeWhile(OptionalLong::isPresent)
            .mapToDouble(OptionalLong::getAsLong)
            .toArray();
    if (nanos.length < LEAST_MESSAGES) {
      throw new MeasuringException(
          "measuring messages between actors: expected at least %d answers within %d s, found %d; measure while nothing else runs, or read a profile (--profile)"
              .formatted(LEAST_MESSAGES, LIMIT.toSeconds(), nanos.length),
          unanswered);
    }
    return Median.of(Arrays.stream(nanos));
  }

  private void warmUp() {
    int done = 0;
    while (done < WARM_UP && elapsedNanos() < WARM_UP_NANOS && hop().isPresent()) {
      done++;
    }
  }

  private OptionalLong hopAfterPause() {
    subject.pause(PAUSE_NANOS);
    return hop();
  }

  /** Nothing when the time is up, or if there is no answer. */
  private OptionalLong hop() {
    Duration left = LIMIT.minusNanos(elapsedNanos());
    if (!left.isPositive()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(subject.ask(left));
    } catch (CompletionException none) {
      unanswered = none;
      return OptionalLong.empty();
    }
  }

  private long elapsedNanos() {
    return subject.now() - since;
  }
}
