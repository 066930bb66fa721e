package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.ActorIdentity;
import akka.actor.Identify;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.Cluster;
import akka.cluster.MemberStatus;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the settings that processes have, on free ports of the loopback interface. */
@Timeout(120)
class VotersDowningTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Where Akka puts what {@link VotersDowning} makes. */
  private static final String DOWNING = "/system/cluster/core/daemon/downingProvider";

  private final Deque<ActorSystem<?>> systems = new ArrayDeque<>();

  @AfterEach
  void end() throws Exception {
    for (ActorSystem<?> system : systems) {
      system.terminate();
    }
    for (ActorSystem<?> system : systems) {
      system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private ActorSystem<?> start(Set<String> roles, List<HostPort> join) {
    ActorSystem<?> system =
        ClusterSystem.start(
            Behaviors.empty(),
            new ClusterAddress(
                roles, "127.0.0.1", 0, "127.0.0.1", 0, join, PATIENCE, Optional.empty(), false));
    systems.push(system);
    return system;
  }

  /** Whether {@code system} knows of so many members that are up. */
  private static void awaitUp(ActorSystem<?> system, int members) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                StreamSupport.stream(
                            Cluster.get(system.classicSystem()).state().getMembers().spliterator(),
                            false)
                        .filter(member -> member.status().equals(MemberStatus.up()))
                        .count()
                    == members);
  }

  /** Whether someone decides there who belongs to the cluster. */
  private static boolean decides(ActorSystem<?> system) throws Exception {
    return isThere(system, DOWNING + "/resolver");
  }

  private static boolean isThere(ActorSystem<?> system, String path) throws Exception {
    ActorIdentity answer =
        (ActorIdentity)
            Patterns.ask(system.classicSystem().actorSelection(path), new Identify(path), PATIENCE)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    return answer.getActorRef().isPresent();
  }

  @Test
  void nobodyDecidesUntilThereIsSomeoneWhoMayVote() throws Exception {
    ActorSystem<?> worker = start(Set.of("worker"), List.of());
    awaitUp(worker, 1);
    ActorSystem<?> other = start(Set.of("worker"), List.of(ClusterSystem.addressOf(worker)));
    awaitUp(worker, 2);
    awaitUp(other, 2);

    assertThat(isThere(worker, DOWNING)).isTrue(); // It answers after what it heard before.
    assertThat(decides(worker)).isFalse();
    assertThat(decides(other)).isFalse();

    ActorSystem<?> voter =
        start(Set.of(ClusterSystem.COORDINATOR), List.of(ClusterSystem.addressOf(worker)));
    awaitUp(voter, 3);
    for (ActorSystem<?> system : List.of(worker, other, voter)) {
      await().atMost(PATIENCE).until(() -> decides(system));
    }
  }

  @Test
  void aVoterDecidesFromItsStart() throws Exception {
    ActorSystem<?> voter = start(Set.of(ClusterSystem.COORDINATOR), List.of());

    await().atMost(PATIENCE).until(() -> decides(voter));
  }
}
