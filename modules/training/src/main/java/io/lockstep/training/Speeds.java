package io.lockstep.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * How fast nodes compute, and when plans follow. A new plan costs little, but one for every noise
 * would help nobody: so a node must be clearly slower or faster than it is planned with, in several
 * reports on end, and steps must gain by it.
 *
 * <p>Only relations count: what is usual is the median of all. It is advice: no bit depends on it.
 */
final class Speeds {

  private static final double CLEARLY = 1.5;
  private static final int REPORTS = 5;
  private static final double WORTHWHILE = 1.15;
  private static final long STEPS_BETWEEN = 20;

  /** Up to this factor from the usual speed a node counts as usual. */
  private static final double ALIKE = 1.1;

  private static final int GREATEST = 100 * Plan.USUAL_SPEED;

  private final RunState run;
  private long lastChange = -STEPS_BETWEEN;

  /** Who has told since nodes were looked at. */
  private final Set<Member> told = new HashSet<>();

  Speeds(RunState run) {
    this.run = run;
  }

  /**
   * A node has told how long it computes at a micro-batch. Nodes are looked at together, once all
   * of the plan have told or one tells again: once for each time that all of them tell.
   *
   * @return whether nodes are to be planned with other speeds from now on, which they have
   */
  boolean reported(Member member, double nanos) {
    boolean changed = told.contains(member) && look();
    member.nanos = nanos;
    if (!run.is(Phase.TRAINING) || run.plans.changing()) {
      told.clear();
      return changed;
    }
    Plan plan = run.plans.current();
    if (plan.positionOf(member.node) >= 0) {
      told.add(member);
    }
    return told.size() == plan.shares().size() && look() || changed;
  }

  /** At those who have told since the last time. */
  private boolean look() {
    List<Member> planned = membersOf(run.plans.current());
    boolean whole = planned.size() == run.plans.current().shares().size();
    boolean changed = whole && look(planned); // Else another plan is about to come.
    told.clear();
    return changed;
  }

  private boolean look(List<Member> planned) {
    double[] known = known(planned.stream().mapToDouble(Speeds::asPlanned));
    List<Member> news = planned.stream().filter(told::contains).toList();
    for (Member member : news) {
      member.reportsOff = isOff(asPlanned(member), known) ? member.reportsOff + 1 : 0;
    }
    return news.stream().anyMatch(member -> member.reportsOff >= REPORTS)
        && run.steps.committed() >= lastChange + STEPS_BETWEEN
        && changeIfWorthwhile(planned);
  }

  private List<Member> membersOf(Plan plan) {
    return plan.shares().stream()
        .map(share -> run.members.get(share.node()))
        .filter(Objects::nonNull)
        .toList();
  }

  /** What a node would take at the usual speed if it were as fast as the plan has it. */
  private static double asPlanned(Member member) {
    return member.nanos * member.speed;
  }

  /**
   * Whether a node is clearly slower, or faster, beside others than the plan has it.
   *
   * @param known of all that are known, itself among them, the least first
   */
  private static boolean isOff(double own, double... known) {
    if (known.length < 2) {
      return false;
    }
    int middle = (known.length - 2) / 2;
    double factor = own / known[own <= known[middle] ? middle + 1 : middle];
    return factor >= CLEARLY || factor <= 1 / CLEARLY;
  }

  private static double[] known(DoubleStream values) {
    return values.filter(value -> value > 0).sorted().toArray();
  }

  /**
   * Of those that are known, at least one; the lower of two, so that somebody has it: of two nodes
   * the faster one is usual, and keeps the speed that all begin with.
   */
  private static double lowerMedian(DoubleStream values) {
    double[] known = known(values);
    return known[(known.length - 1) / 2];
  }

  private boolean changeIfWorthwhile(List<Member> planned) {
    double usual = lowerMedian(planned.stream().mapToDouble(m -> m.nanos));
    List<Plan.Share> shares =
        planned.stream().map(m -> new Plan.Share(m.node, m.slots, speed(m, usual))).toList();
    Plan wanted = new Plan(1, shares);
    if (stepNanos(run.plans.current(), usual) < WORTHWHILE * stepNanos(wanted, usual)) {
      return false;
    }
    lastChange = run.steps.committed();
    for (int i = 0; i < shares.size(); i++) {
      planned.get(i).speed = shares.get(i).speed();
      planned.get(i).reportsOff = 0;
    }
    return true;
  }

  private static int speed(Member member, double usual) {
    double factor = usual / nanos(member, usual);
    if (factor < ALIKE && factor > 1 / ALIKE) {
      return Plan.USUAL_SPEED;
    }
    return Math.clamp(Math.round(factor * Plan.USUAL_SPEED), 1, GREATEST);
  }

  private static double nanos(Member member, double usual) {
    return member.nanos > 0 ? member.nanos : usual;
  }

  /** How long the slowest computes at a step, as far as is known. */
  private double stepNanos(Plan plan, double usual) {
    double longest = 0;
    for (int i = 0; i < plan.shares().size(); i++) {
      Member member = run.members.get(plan.shares().get(i).node());
      int each = Math.ceilDiv(microBatches(plan, i), member.slots);
      longest = Math.max(longest, each * nanos(member, usual));
    }
    return longest;
  }

  private int microBatches(Plan plan, int position) {
    Assignment assignment = plan.assignment(run.shape.microBatches(), Integer.MAX_VALUE);
    return assignment.endUnit(position) - assignment.firstUnit(position);
  }

  /** What is told of a plan in which nodes have other speeds than in the one before. */
  Optional<RunEvent> change(Plan before, Plan now, long step) {
    List<Member> both =
        membersOf(now).stream().filter(m -> before.positionOf(m.node) >= 0).toList();
    if (both.stream().noneMatch(m -> speed(before, m) != speed(now, m))) {
      return Optional.empty();
    }
    return both.stream()
        .max(Comparator.comparingDouble(m -> change(before, now, m.node)))
        .map(member -> told(member, now, step));
  }

  private static int speed(Plan plan, Member member) {
    return plan.shares().get(plan.positionOf(member.node)).speed();
  }

  /** By which factor a node's share has become larger or smaller. */
  private double change(Plan before, Plan now, int node) {
    double had = microBatches(before, before.positionOf(node));
    double has = microBatches(now, now.positionOf(node));
    return had == 0 || has == 0 ? 1 : Math.max(had / has, has / had);
  }

  private RunEvent told(Member member, Plan plan, long step) {
    int all = run.shape.microBatches();
    int own = microBatches(plan, plan.positionOf(member.node));
    String detail = "%d of %d micro-batches%s".formatted(own, all, times(member, membersOf(plan)));
    return new RunEvent(RunEvent.What.REPLANNED, step, member.name, detail);
  }

  private static String times(Member member, List<Member> planned) {
    double[] others =
        planned.stream()
            .filter(m -> m != member && m.nanos > 0)
            .mapToDouble(m -> m.nanos)
            .toArray();
    return member.nanos > 0 && others.length > 0
        ? "; one takes it %s, others %s"
            .formatted(time(member.nanos), time(lowerMedian(Arrays.stream(others))))
        : "";
  }

  private static String time(double nanos) {
    return nanos < 1e6
        ? String.format(Locale.ROOT, "%.0f µs", nanos / 1e3)
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
