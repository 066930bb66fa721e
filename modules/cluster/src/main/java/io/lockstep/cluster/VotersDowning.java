package io.lockstep.cluster;

import akka.actor.AbstractActor;
import akka.actor.ActorSystem;
import akka.actor.Props;
import akka.cluster.Cluster;
import akka.cluster.ClusterEvent;
import akka.cluster.DowningProvider;
import akka.cluster.sbr.SplitBrainResolverProvider;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Has Akka's resolver decide who belongs to a cluster that falls apart, as soon as there is someone
 * who may vote. Before that, as while the processes of a launch start and its launcher has not
 * joined, the resolver would end every node for one that is slow to answer.
 */
final class VotersDowning extends DowningProvider {

  private final DowningProvider resolver;

  /** Made by Akka. */
  public VotersDowning(ActorSystem system) {
    this.resolver = new SplitBrainResolverProvider(system);
  }

  @Override
  public FiniteDuration downRemovalMargin() {
    return resolver.downRemovalMargin();
  }

  @Override
  public Option<Props> downingActorProps() {
    Props props = resolver.downingActorProps().get();
    return Option.apply(Props.create(Awaiting.class, () -> new Awaiting(props)));
  }

  /** Starts the resolver when the first voter is up. */
  private static final class Awaiting extends AbstractActor {

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Props resolver;

    Awaiting(Props resolver) {
      this.resolver = resolver;
    }

    @Override
    public void preStart() {
      cluster.subscribe(
          getSelf(), ClusterEvent.initialStateAsEvents(), ClusterEvent.MemberUp.class);
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(ClusterEvent.MemberUp.class, this::up).build();
    }

    private void up(ClusterEvent.MemberUp up) {
      if (up.member().hasRole(ClusterSystem.COORDINATOR)) {
        cluster.unsubscribe(getSelf());
        getContext().actorOf(resolver, "resolver");
        getContext().become(receiveBuilder().matchAny(late -> {}).build());
      }
    }

    @Override
    public void postStop() {
      cluster.unsubscribe(getSelf());
    }
  }
}
