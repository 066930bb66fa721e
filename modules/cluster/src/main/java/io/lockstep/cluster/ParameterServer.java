package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.training.Buckets;
import io.lockstep.training.InProcessExchange;
import io.lockstep.training.Job;
import io.lockstep.training.Shard;

/**
 * Owns the life of one shard: opens it at the exchange and answers when it is ready.
 *
 * <p>Its adding and updating happen on the threads that deliver partials, never in this actor,
 * which in one JVM needs no messages: it ends with its coordinator.
 */
public final class ParameterServer {

  private ParameterServer() {}

  /** Opens shard {@code number} and tells {@code coordinator} so. */
  static Behavior<Void> create(
      int number,
      Job job,
      Buckets buckets,
      RunSettings settings,
      InProcessExchange exchange,
      ActorRef<Coordinator.Command> coordinator) {
    return Behaviors.setup(
        context -> {
          try {
            Shard shard =
                new Shard(
                    settings.kernels(),
                    job.network().parameters(),
                    job.optimizer(),
                    job.schedule(),
                    buckets,
                    number,
                    job.mostLeaves());
            exchange.open(number, shard);
            context
                .getLog()
                .debug("parameter server {} owns {} buckets", number, shard.bucketCount());
            coordinator.tell(new Coordinator.ServerReady(number));
          } catch (RuntimeException | OutOfMemoryError e) {
            coordinator.tell(new Coordinator.ServerFailed(e));
          }
          return Behaviors.empty();
        });
  }
}
