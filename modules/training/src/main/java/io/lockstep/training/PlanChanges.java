package io.lockstep.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * The plans of a run, one change at a time: a new plan is made known to all who are in it or in the
 * one before; when all know it, the leading shard is told to let it hold from the next step on;
 * then it says from which.
 *
 * <p>Where the run stands still, nothing begins that was activated; then a further plan may be, in
 * place of one that was.
 */
final class PlanChanges {

  private final RunOrders orders;
  private final Set<Integer> awaited = new TreeSet<>();
  private final Set<Integer> lost = new TreeSet<>();
  private final Set<Integer> silent = new TreeSet<>();
  private Plan before;
  private long beganAt;
  private Plan current;

  /** Is being made known. */
  private Plan coming;

  private List<String> comingNames = List.of();

  /** Those that may hold by now, or will, the oldest first: all but the last may be left out. */
  private final List<Plan> activated = new ArrayList<>();

  private int lastNumber;
  private final IntSupplier lead;

  /**
   * @param lead tells the node with the leading shard
   */
  PlanChanges(RunOrders orders, IntSupplier lead) {
    this.orders = orders;
    this.lead = lead;
  }

  /** The run begins with these workers. */
  void begin(Collection<Member> workers) {
    current = next(workers);
  }

  private Plan next(Collection<Member> workers) {
    return new Plan(++lastNumber, workers.stream().map(Member::share).toList());
  }

  /** The plan that holds; null before the run begins. */
  Plan current() {
    return current;
  }

  /** The plan of the step that begins next, unless another is activated before. */
  Plan newest() {
    return activated.isEmpty() ? current : activated.getLast();
  }

  /** Whether a change is under way. */
  boolean changing() {
    return coming != null || !activated.isEmpty();
  }

  /**
   * Whether another change may begin.
   *
   * @param still whether the run stands still
   */
  boolean mayChange(boolean still) {
    return coming == null && (still || activated.isEmpty());
  }

  /** Whether the node computes, or will. */
  boolean includes(int node) {
    return mayHave(node) || includes(coming, node);
  }

  /**
   * Whether a plan that holds, or may by now, has the node, or the one before while a shard may
   * wait for its last step: steps then wait for the node's part.
   *
   * @param committed steps that every shard has
   */
  boolean needs(int node, long committed) {
    return mayHave(node) || committed < beganAt && includes(before, node);
  }

  /** The plan of a step that is open, as far as it is known. */
  Plan of(long step) {
    return step < beganAt && before != null ? before : current;
  }

  /** Whether the step is the first of the node's, as far as it is known. */
  boolean joined(int node, long step) {
    return step == beganAt && before != null && !includes(before, node);
  }

  private boolean mayHave(int node) {
    return includes(current, node) || activated.stream().anyMatch(plan -> includes(plan, node));
  }

  /** A node is gone: nothing waits for it any more, and no plan that was not activated has it. */
  void lose(int node) {
    lost.add(node);
    doWithout(node);
  }

  /** As {@link #lose}, of a node that lives but may not answer, until it is {@link #back}. */
  void silent(int node) {
    silent.add(node);
    doWithout(node);
  }

  /** A node answers again. */
  void back(int node) {
    silent.remove(node);
  }

  private void doWithout(int node) {
    if (includes(coming, node)) {
      abandon();
    } else if (awaited.remove(node)) {
      activateWhenKnown();
    }
  }

  /** Whether a plan may hold that is not yet the current one. */
  boolean activated() {
    return !activated.isEmpty();
  }

  private static boolean includes(Plan plan, int node) {
    return plan != null && plan.positionOf(node) >= 0;
  }

  /**
   * Whether every plan that holds, or may by now, has one of these nodes; the one before, too,
   * while a shard may wait for its last step: who has joined since may lack the weights of that.
   *
   * @param committed steps that every shard has
   */
  boolean eachHasOneOf(Set<Integer> nodes, long committed) {
    return hasOneOf(current, nodes)
        && activated.stream().allMatch(plan -> hasOneOf(plan, nodes))
        && (committed >= beganAt || hasOneOf(before, nodes));
  }

  private static boolean hasOneOf(Plan plan, Set<Integer> nodes) {
    return plan.shares().stream().anyMatch(share -> nodes.contains(share.node()));
  }

  /** Begins a change, unless these are the workers of the newest plan, and their speeds. */
  void change(Collection<Member> workers) {
    Plan wanted = next(workers);
    if (wanted.shares().equals(newest().shares())) {
      lastNumber--; // Nobody has heard of it.
      return;
    }
    coming = wanted;
    comingNames = workers.stream().map(m -> m.name).toList();
    awaited.clear();
    coming.shares().forEach(share -> awaited.add(share.node()));
    current.shares().forEach(share -> awaited.add(share.node()));
    activated.forEach(plan -> plan.shares().forEach(share -> awaited.add(share.node())));
    awaited.removeAll(lost);
    List<Integer> told = List.copyOf(awaited);
    // Where all are late they are planned with all the same: then a plan waits for its own.
    awaited.removeIf(node -> silent.contains(node) && !includes(coming, node));
    told.forEach(node -> orders.know(node, coming));
  }

  /** Makes the coming plan known once more to those who have not answered. */
  void remind() {
    awaited.forEach(node -> orders.know(node, coming));
  }

  /** Gives up a change that was not activated: its number is not used again. */
  private void abandon() {
    coming = null;
    awaited.clear();
  }

  /** A node knows a plan. */
  void known(int node, int plan) {
    if (coming != null && coming.number() == plan && awaited.remove(node)) {
      activateWhenKnown();
    }
  }

  private void activateWhenKnown() {
    if (awaited.isEmpty()) {
      Plan known = coming;
      coming = null;
      activated.add(known);
      orders.activate(lead.getAsInt(), known.number(), false);
      orders.planned(known.number(), comingNames);
    }
  }

  /**
   * A plan holds from step {@code version} on.
   *
   * @return the plan before; null if this is not news
   */
  Plan begun(long version, int plan) {
    Optional<Plan> begun = activated.stream().filter(p -> p.number() == plan).findFirst();
    if (begun.isEmpty()) {
      return null;
    }
    before = current;
    beganAt = version;
    current = begun.get();
    activated.removeIf(p -> p.number() <= plan);
    return before;
  }
}
