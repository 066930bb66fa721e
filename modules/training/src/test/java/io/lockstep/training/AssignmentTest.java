package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  @Test
  void givesEveryUnitToOneWorkerAsCompleteSubtreesWithTheSmallestLargestShare() {
    for (int units = 1; units <= 70; units++) {
      for (int workers = 1; workers <= 12; workers++) {
        for (int maxUnits : new int[] {1, 3, 4, 1000}) {
          check(units, workers, maxUnits);
        }
      }
    }
  }

  private static void check(int units, int workers, int maxUnits) {
    Assignment assignment = Assignment.of(units, workers, maxUnits);
    int at = 0;
    for (int worker = 0; worker < workers; worker++) {
      int before = at;
      for (Node node : assignment.nodes(worker)) {
        assertThat(node.first()).isEqualTo(at);
        assertThat(node.end(units) - node.first()).isPositive().isLessThanOrEqualTo(maxUnits);
        at = node.end(units);
      }
      assertThat(assignment.unitsOf(worker)).isEqualTo(at - before);
      assertThat(at - before).isLessThanOrEqualTo((units + workers - 1) / workers);
      assertThat(at - before > 0).isEqualTo(worker < Math.min(units, workers));
    }
    assertThat(at).isEqualTo(units);
  }

  @Test
  void cutsWhereWholeSubtreesStayTogether() {
    // 16 leaves for 3 workers: 4 + 6 + 6, not 5 + 5 + 6, so that 5 partials travel and not 7.
    Assignment assignment = Assignment.of(16, 3, 16);

    assertThat(assignment.nodes(0)).containsExactly(new Node(2, 0));
    assertThat(assignment.nodes(1)).containsExactly(new Node(2, 1), new Node(1, 4));
    assertThat(assignment.nodes(2)).containsExactly(new Node(1, 5), new Node(2, 3));
  }

  @Test
  void givesAWholeTreeToASingleWorkerAsItsRoot() {
    assertThat(Assignment.of(7, 1, 100).nodes(0)).containsExactly(new Node(3, 0));
    assertThat(Assignment.of(1, 1, 1).nodes(0)).containsExactly(new Node(0, 0));
  }

  @Test
  void coversTheRightEdgeOfTheTreeAsComplete() {
    assertThat(Node.cover(4, 7, 7, 100)).isEqualTo(List.of(new Node(2, 1)));
    assertThat(Node.cover(3, 7, 7, 100)).isEqualTo(List.of(new Node(0, 3), new Node(2, 1)));
  }

  @Test
  void leavesSurplusWorkersIdle() {
    Assignment assignment = Assignment.of(5, 8, 5);

    assertThat(assignment.busyWorkers()).isEqualTo(5);
    assertThat(assignment.nodes(5)).isEmpty();
    assertThat(assignment.nodes(7)).isEmpty();
  }

  @Test
  void sharesOfNodesDoNotDependOnHowManyWorkersEachHas() {
    for (int units = 1; units <= 70; units++) {
      for (int nodes = 1; nodes <= 6; nodes++) {
        Assignment one = Assignment.of(units, slots(nodes, 1), units);
        Assignment four = Assignment.of(units, slots(nodes, 4), units);
        for (int node = 0; node < nodes; node++) {
          assertThat(four.firstUnit(node)).isEqualTo(one.firstUnit(node));
          assertThat(four.endUnit(node)).isEqualTo(one.endUnit(node));
        }
      }
    }
  }

  private static int[] slots(int nodes, int each) {
    int[] slots = new int[nodes];
    Arrays.fill(slots, each);
    return slots;
  }

  @Test
  void sharesOutInProportionToTheWorkersOfEachNode() {
    for (int units = 4; units <= 70; units++) {
      Assignment assignment = Assignment.of(units, new int[] {1, 3, 2}, units);
      int at = 0;
      for (int worker = 0; worker < 6; worker++) {
        for (Node node : assignment.nodes(worker)) {
          assertThat(node.first()).isEqualTo(at);
          at = node.end(units);
        }
      }
      assertThat(at).isEqualTo(units);
      assertThat(assignment.endUnit(1) - assignment.firstUnit(1))
          .isLessThanOrEqualTo(Math.ceilDiv(units * 3, 6));
    }
  }

  @Test
  void sharesOutInProportionToSpeeds() {
    assertThat(unitsOfNodes(12, new int[] {1, 1}, new int[] {100, 50})).containsExactly(8, 4);
    assertThat(unitsOfNodes(16, new int[] {1, 1, 1}, new int[] {100, 100, 33}))
        .containsExactly(7, 7, 2);
    assertThat(unitsOfNodes(16, new int[] {1, 2}, new int[] {200, 100})).containsExactly(8, 8);
  }

  @Test
  void theSlowestIsDoneAsEarlyAsCanBe() {
    int[][] speeds = {{100, 33, 100}, {1, 100, 50}, {100, 75, 140}, {300, 100, 100}, {7, 5, 3}};
    int[][] slots = {{1, 1, 1}, {1, 3, 2}, {4, 1, 1}};
    for (int units = 3; units <= 40; units++) {
      for (int[] speed : speeds) {
        for (int[] each : slots) {
          int[] found = unitsOfNodes(units, each, speed);
          assertThat(Arrays.stream(found).sum()).isEqualTo(units);
          assertThat(end(found, each, speed)).isEqualTo(earliestEnd(units, each, speed));
        }
      }
    }
  }

  private static double earliestEnd(int units, int[] slots, int[] speeds) {
    double earliest = Double.POSITIVE_INFINITY;
    for (int first = 1; first <= units - 2; first++) {
      for (int second = 1; second <= units - 1 - first; second++) {
        int[] cut = {first, second, units - first - second};
        earliest = Math.min(earliest, end(cut, slots, speeds));
      }
    }
    return earliest;
  }

  private static double end(int[] units, int[] slots, int[] speeds) {
    double end = 0;
    for (int i = 0; i < units.length; i++) {
      end = Math.max(end, (double) Math.ceilDiv(units[i], slots[i]) / speeds[i]);
    }
    return end;
  }

  @Test
  void equalSpeedsAreNone() {
    for (int units = 1; units <= 40; units++) {
      int[] slots = {1, 3, 2};
      Assignment without = Assignment.of(units, slots, 4);
      Assignment with = Assignment.of(units, slots, new int[] {70, 70, 70}, 4);
      for (int worker = 0; worker < 6; worker++) {
        assertThat(with.nodes(worker)).isEqualTo(without.nodes(worker));
      }
    }
  }

  @Test
  void theSlowestNodeKeepsOneUnitByWhichItIsMeasured() {
    int[] slots = {1, 1, 1};

    assertThat(unitsOfNodes(16, slots, new int[] {100, 1, 100})).containsExactly(8, 1, 7);
    assertThat(unitsOfNodes(2, slots, new int[] {100, 1, 100})).containsExactly(1, 1, 0);
  }

  private static int[] unitsOfNodes(int units, int[] slots, int[] speeds) {
    Assignment assignment = Assignment.of(units, slots, speeds, units);
    int[] found = new int[slots.length];
    Arrays.setAll(found, i -> assignment.endUnit(i) - assignment.firstUnit(i));
    return found;
  }

  @Test
  void sumsAreCompletedAsFarAsTheLeavesOfTheirOwnerReach() {
    assertThat(Node.topLevel(0, 2, 8, 2, 8)).isEqualTo(1);
    assertThat(Node.topLevel(0, 5, 8, 2, 8)).isEqualTo(2);
    assertThat(Node.topLevel(0, 6, 7, 4, 7)).isEqualTo(2);
    assertThat(Node.topLevel(1, 0, 7, 0, 7)).isEqualTo(3);
  }
}
