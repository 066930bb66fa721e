package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A course of one shard, on node 1, which has a standby, number 2, on node 3. */
class ReportedCourseTest {

  private static final int SERVER = 1;
  private static final int STANDBY = 3;
  private static final int OTHER = 4;
  private static final int STALE = 1;
  private static final int NUMBER = 2;

  private final RecordedOrders orders = new RecordedOrders();
  private final List<String> nodes = new ArrayList<>();
  private final ShardPlaces places = new ShardPlaces(1);
  private final RunCourse course =
      new RunCourse(
          new RunShape(2, 1, 0, 99, List.of(), 0, 0, EarlyStopping.OFF, Validations.NONE, 16, 1),
          orders);
  private final ReportedCourse reported = new ReportedCourse(course, places, new Nodes());

  private final class Nodes implements RunNodes {

    @Override
    public void expel(int node, String why) {
      nodes.add("expel node %d: %s".formatted(node, why));
    }

    @Override
    public void expel(String name, String why) {
      nodes.add("expel %s: %s".formatted(name, why));
    }

    @Override
    public void doesNotCount(int server, int shard, int standby) {
      nodes.add("tell node %d: no standby %d of shard %d".formatted(server, standby, shard));
    }
  }

  @BeforeEach
  void train() {
    course.offer(SERVER, "server", 0, 1);
    course.offer(STANDBY, "standby", 1, 0);
    course.offer(OTHER, "other", 1, 0);
    for (int node : List.of(SERVER, STANDBY, OTHER)) {
      course.prepared(node);
    }
    places.serves(SERVER, 0);
    reported.opened(0, Endpoint.IN_PROCESS);
    course.ready(STANDBY);
    course.ready(OTHER);
    places.standsBy(STANDBY, 0, STALE);
    places.standsBy(STANDBY, 0, NUMBER);
    orders.take();
  }

  @Test
  void knowsWhereAShardIsServed() {
    assertThat(places.endpoint(0)).isEqualTo(Endpoint.IN_PROCESS);
    assertThat(places.endpoints()).containsExactly(Endpoint.IN_PROCESS);
  }

  @Test
  void keepsFromTheCourseWhatAStandbySaysThatDoesNotCount() {
    reported.filled(STANDBY, 0, STALE, 0);
    reported.stepsDone(0, STALE, 1, List.of(new StepSums(1, 1, 1, 1)));
    reported.evaluated(0, STALE, Evaluation.VALIDATION, 1, new StepSums(1, 1, 1, 1));
    reported.standbyFailed(STANDBY, 0, STALE, "no memory");
    reported.primaryLost(0, STALE, "reset");

    assertThat(orders.take()).isEmpty();
    assertThat(nodes).isEmpty();
  }

  @Test
  void tellsTheCourseWhatAStandbySaysThatCounts() {
    reported.filled(STANDBY, 0, NUMBER, 0);

    assertThat(orders.take()).containsExactly("standby MIRRORED at 0: shard 0");
  }

  @Test
  void aServerIsToldOfAStandbyThatDoesNotCount() {
    reported.standbyLate(0, STALE);

    assertThat(nodes).containsExactly("tell node 1: no standby 1 of shard 0");
    assertThat(orders.take()).isEmpty();
  }

  @Test
  void aStandbyThatHoldsUpTheStepsIsDropped() {
    reported.filled(STANDBY, 0, NUMBER, 0);
    reported.standbyLate(0, NUMBER);

    assertThat(nodes).isEmpty();
    assertThat(orders.take()).contains("drop standby 3 of shard 0");
  }

  @Test
  void whoeverCannotBeReachedIsExpelled() {
    reported.disconnected("other", "reset");
    reported.primaryLost(0, NUMBER, "closed");

    assertThat(nodes).containsExactly("expel other: reset", "expel node 1: closed");
  }

  @Test
  void aServerThatWasReplacedIsNotExpelledAgain() {
    places.serves(STANDBY, 0); // The standby is about to serve the shard itself.

    reported.primaryLost(0, NUMBER, "closed");

    assertThat(nodes).isEmpty();
  }
}
