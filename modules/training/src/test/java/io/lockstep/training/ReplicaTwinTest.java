package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Partition;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Pass;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A replica with a thread and one that never waits give the same to servers, bit for bit, when they
 * are told the same: each course of events is one, the first told before they begin; and what the
 * one has given after each of them, the other is waited for to give.
 */
class ReplicaTwinTest {

  private static final long LIMIT_MILLIS = 60_000;
  private static final int NODE = 4;
  private static final int OTHER = 5;
  private static final int THIRD = 6;
  private static final int LEAVES = 6;

  private final Job job = SmallJob.of(LEAVES, 7);
  private final int parameters = job.network().parameters().packedLength();
  private final Buckets buckets = new Buckets(parameters, 1, 2);
  private final Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
  private final long steps = job.epochs().steps();

  /** What has been given, as text, in whatever order. */
  private final class Sent implements Uplink {

    private final List<String> calls = new ArrayList<>();

    private synchronized void add(String form, Object... values) {
      calls.add(form.formatted(values));
      notifyAll();
    }

    @Override
    public void sums(long step, int level, int index, int leaves, Sums sums) {
      add("sums of %d, (%d, %d) of %d: %s", step, level, index, leaves, sums.loss);
    }

    @Override
    public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
      int at = buckets.from(bucket) - partial.from();
      int end = buckets.to(bucket) - partial.from();
      int bits = Arrays.hashCode(Arrays.copyOfRange(partial.values(), at, end));
      partial.release();
      add("bucket %d of %d, (%d, %d) of %d: %x", bucket, step, level, index, leaves, bits);
    }

    @Override
    public void evaluation(
        Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
      add("%s of %d, (%d, %d) of %d: %s", evaluation, version, level, index, units, sums.loss);
    }

    private synchronized void await(int count) throws InterruptedException {
      long deadline = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
      while (calls.size() < count && System.nanoTime() < deadline) {
        wait(LIMIT_MILLIS);
      }
      assertThat(calls).as("of %d calls", count).hasSizeGreaterThanOrEqualTo(count);
    }

    private synchronized List<String> sorted() {
      return calls.stream().sorted().toList();
    }

    private synchronized int count() {
      return calls.size();
    }
  }

  /** Something that the exchange is told. */
  private record Event(Consumer<NodeExchange> told) {}

  private NodeExchange exchange(Sent sent) {
    Theta theta = new Theta(0, parameters);
    float[] initial = job.network().initialWeights(job.seed());
    System.arraycopy(initial, 0, theta.array(0), 0, parameters);
    System.arraycopy(initial, 0, theta.array(1), 0, parameters);
    return new NodeExchange(job, buckets, kernels, theta, NODE, 1, sent);
  }

  /**
   * Has both do the same, and then, unless they have left, answer a last call: so what the one with
   * a thread might give too much before that is seen, too.
   *
   * @return what was given after each event
   */
  private List<Integer> both(List<Event> events) throws InterruptedException {
    Sent bySteps = new Sent();
    List<Integer> counts = stepped(events, bySteps);
    Sent byThread = new Sent();
    threaded(events, counts, byThread);

    assertThat(byThread.sorted()).isEqualTo(bySteps.sorted());
    return counts.subList(0, events.size());
  }

  /** Returns what was given after each event, and after the last call if it was not left before. */
  private List<Integer> stepped(List<Event> events, Sent sent) {
    NodeExchange exchange = exchange(sent);
    SteppedReplica replica = new SteppedReplica(job, exchange, 0, new WholePasses(exchange));
    List<Integer> counts = new ArrayList<>();
    for (Event event : events) {
      event.told().accept(exchange);
      if (counts.isEmpty()) {
        replica.run();
      }
      goOn(replica);
      counts.add(sent.count());
    }
    if (!replica.hasLeft()) {
      exchange.reconnected(0);
      goOn(replica);
      counts.add(sent.count());
    }
    exchange.stop();
    goOn(replica);
    assertThat(replica.hasLeft()).isTrue();
    return counts;
  }

  private static void goOn(SteppedReplica replica) {
    while (replica.isReady()) {
      replica.go();
    }
  }

  private void threaded(List<Event> events, List<Integer> counts, Sent sent)
      throws InterruptedException {
    NodeExchange exchange = exchange(sent);
    Workplaces workplaces = new Workplaces(job, buckets, kernels, 1);
    Replica replica = new Replica(workplaces, exchange, 0, new Slowdown());
    events.getFirst().told().accept(exchange);
    Thread worker = Thread.ofPlatform().start(replica::run);
    sent.await(counts.getFirst());
    for (int i = 1; i < events.size(); i++) {
      events.get(i).told().accept(exchange);
      sent.await(counts.get(i));
    }
    if (counts.size() > events.size()) {
      exchange.reconnected(0);
      awaitAnswer(exchange, worker);
      sent.await(counts.getLast());
    } else {
      worker.join(LIMIT_MILLIS);
    }
    exchange.stop();
    worker.join(LIMIT_MILLIS);
    assertThat(worker.isAlive()).isFalse();
  }

  /** The call is answered when all is done that came before it. */
  private static void awaitAnswer(NodeExchange exchange, Thread worker) {
    long deadline = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
    while (exchange.isCalled(0) && worker.isAlive()) {
      assertThat(System.nanoTime()).as("time of the answer").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Passes of the real network, each in one part, once all weights are there. */
  private final class WholePasses implements SteppedPasses {

    private final NodeExchange exchange;
    private final GradientSender sender;
    private final Pass pass = new Pass(job.network(), kernels, Replica.passRows(job));
    private final RowLoader loader =
        new RowLoader(job.network(), pass, kernels, job.data().scaling());
    private final Sums sums = new Sums();
    private final Supplier<float[]> gradient;

    private WholePasses(NodeExchange exchange) {
      this.exchange = exchange;
      PartialPool pool = new PartialPool(parameters, buckets.count());
      this.sender = new GradientSender(exchange, buckets, pool, 0);
      this.gradient = sender::takeGradient;
    }

    @Override
    public SteppedPass train(long step, Node node, int leaves, int topLevel) {
      sender.begin(step, node, leaves, topLevel);
      return new Whole(exchange, step, () -> train(step, node, leaves));
    }

    private void train(long step, Node node, int leaves) {
      int leafRows = job.microBatches().leafRows();
      int first = node.first() * leafRows;
      int end = Math.min(node.end(leaves) * leafRows, job.epochs().sampler().rowsOf(step));
      job.epochs().sampler().positions(step, first, end - first, loader.positions());
      loader.load(job.data().train(), end - first);
      float[] theta = exchange.weights(step);
      int count = end - first;
      pass.train(theta, count, leafRows, first, step, job.seed(), gradient, sums, sender);
    }

    @Override
    public SteppedPass evaluate(Evaluation evaluation, long version, Node node, int units) {
      Partition rows = evaluation.rows(job);
      int first = node.first() * Evaluation.UNIT_ROWS;
      int count = Math.min(node.end(units) * Evaluation.UNIT_ROWS, rows.size()) - first;
      return new Whole(
          exchange,
          version,
          () -> {
            loader.loadRange(rows, first, count);
            pass.evaluate(exchange.weights(version), count, Evaluation.UNIT_ROWS, sums);
            exchange.sendEvaluation(evaluation, version, node, units, sums);
          });
    }
  }

  private record Whole(NodeExchange exchange, long version, Runnable work) implements SteppedPass {

    @Override
    public boolean isReady() {
      return exchange.hasAll(version);
    }

    @Override
    public boolean go() {
      work.run();
      return true;
    }
  }

  // What may happen.

  private static Event know(int plan, Plan.Share... shares) {
    return new Event(exchange -> exchange.know(new Plan(plan, List.of(shares))));
  }

  private static Plan.Share share(int node) {
    return new Plan.Share(node, 1);
  }

  private Event weights(long version) {
    return weights(version, buckets.count());
  }

  private Event weights(long version, int count) {
    return new Event(
        exchange -> {
          for (int bucket = 0; bucket < count; bucket++) {
            exchange.received(bucket, version);
          }
        });
  }

  private static Event begins(long step, int plan) {
    return new Event(exchange -> exchange.begins(step, plan));
  }

  private static Event lost(int node) {
    return new Event(exchange -> exchange.takeOver(node));
  }

  private static Event late(int node, long step) {
    return new Event(exchange -> exchange.takeOver(node, step));
  }

  private static Event evaluated(long version) {
    return new Event(exchange -> exchange.evaluated(Evaluation.VALIDATION, version));
  }

  // Courses.

  @Test
  void takePartInAWholeRunWithItsValidations() throws Exception {
    List<Event> events = new ArrayList<>(List.of(know(1, share(NODE), share(OTHER))));
    for (long step = 0; step <= steps; step++) {
      events.add(begins(step, 1));
      events.add(weights(step));
      if (step > 0 && job.epochs().endsEpoch(step - 1)) {
        events.add(evaluated(step));
      }
    }

    List<Integer> counts = both(events);

    assertThat(counts.getLast()).isGreaterThan((int) steps * (1 + buckets.count()));
  }

  @Test
  void doWhatALostNodeLeftOpenWhileWeightsAreMissing() throws Exception {
    List<Integer> counts =
        both(
            List.of(
                know(1, share(NODE), share(OTHER)),
                weights(0),
                begins(0, 1),
                begins(1, 1),
                weights(1, 1),
                lost(OTHER),
                weights(1)));

    assertThat(counts.get(3)).isEqualTo(counts.get(2)); // It waits for weights in its pass,
    assertThat(counts.get(5)).isGreaterThan(counts.get(4)); // and is called away from it.
    assertThat(counts.get(6)).isGreaterThan(counts.get(5));
  }

  @Test
  void doAllOfALateNodesPartWhenItIsSaidTwice() throws Exception {
    Event known = know(1, share(OTHER), share(THIRD), share(NODE));
    List<Integer> counts =
        both(List.of(known, weights(0), begins(0, 1), late(OTHER, 0), late(OTHER, 0)));

    assertThat(counts.get(3)).isEqualTo(counts.get(2)); // The third node does it,
    assertThat(counts.get(4)).isGreaterThan(counts.get(3)); // but may have stopped, too.
  }

  @Test
  void giveAgainWhatTheServerBeforeMayHaveLost() throws Exception {
    Event reconnected = new Event(exchange -> exchange.reconnected(0));
    List<Integer> counts =
        both(List.of(know(1, share(NODE), share(OTHER)), weights(0), begins(0, 1), reconnected));

    assertThat(counts.get(3)).isEqualTo(2 * counts.get(2));
  }

  @Test
  void restUnderAPlanThatHasThemNot() throws Exception {
    List<Integer> counts =
        both(
            List.of(
                know(1, share(NODE), share(OTHER)),
                know(2, share(OTHER)),
                weights(0),
                begins(0, 1),
                weights(1),
                begins(1, 2),
                know(3, share(NODE)),
                weights(2),
                begins(2, 3)));

    assertThat(counts.get(5)).isEqualTo(counts.get(3));
    assertThat(counts.get(8)).isGreaterThan(counts.get(5));
  }

  /** Others did it in its place, but were lost before all of that had arrived. */
  @Test
  void makeUpForAStepThatBeganTooEarlyForThem() throws Exception {
    Event tooLate =
        new Event(
            exchange -> {
              know(1, share(NODE), share(OTHER)).told().accept(exchange);
              exchange.begins(0, 1);
              weights(1).told().accept(exchange);
              exchange.begins(1, 1);
              weights(2, buckets.count() - 1).told().accept(exchange);
              exchange.begins(2, 1);
              exchange.takeOver(OTHER);
            });
    assertThat(both(List.of(tooLate)).getFirst()).isPositive();
  }

  @Test
  void evaluateTheLastVersionOfTheSteps() throws Exception {
    long last = steps;
    List<Integer> counts =
        both(
            List.of(
                know(1, share(NODE), share(OTHER)),
                begins(last, 1),
                weights(last),
                lost(OTHER),
                evaluated(last)));

    assertThat(counts.get(2)).isPositive();
  }
}
