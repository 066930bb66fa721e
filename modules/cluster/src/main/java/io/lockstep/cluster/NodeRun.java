package io.lockstep.cluster;

import io.lockstep.training.Buckets;
import io.lockstep.training.Endpoint;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunTimes;
import io.lockstep.training.StepTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A node's part in one run: does what it is told there, through the node's shards, standbys and
 * workers. Used by the node's actor; what waits happens on the node's thread.
 */
final class NodeRun {

  private final NodeSelf self;
  private final NodeAnswers answers;
  private final NodeParts parts;
  private final NodeShards shards;
  private final NodeStandbys standbys;
  private final NodeWorkers workers;
  private final NodeSalvage salvage;
  private final NodeTracing tracing;

  /** The shards that this node is about to serve, and what is to be done with them then. */
  private final Set<Integer> promoted = new TreeSet<>();

  private final List<Node.Command> waiting = new ArrayList<>();

  NodeRun(NodeSelf self, NodeAnswers answers, RunSpec spec, PreparedJob prepared) {
    int parameters = prepared.job().network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, spec.bucketBytes(), spec.servers());
    this.self = self;
    this.answers = answers;
    this.tracing =
        new NodeTracing(
            new NodeTracing.Parts(
                spec.traced(), self, answers.driver(), TracePacking.ofNode(self.parts().name())),
            this::step);
    this.parts =
        new NodeParts(
            spec.identity(),
            prepared,
            buckets,
            self.parts().plane(),
            answers.node(),
            tracing.tracer());
    this.shards = new NodeShards(parts, self.ref());
    this.standbys = new NodeStandbys(parts, self.ref());
    this.workers = new NodeWorkers(parts, self.context());
    this.salvage = new NodeSalvage(parts.run(), shards, standbys);
  }

  RunIdentity identity() {
    return parts.run();
  }

  /** Does what the node is told; what is of no run is ignored. */
  void on(Node.Command command) {
    if (!promoted.isEmpty() && isForShards(command)) {
      waiting.add(command);
    } else {
      obey(command);
    }
  }

  private static boolean isForShards(Node.Command command) {
    return switch (command) {
      case Node.Activate activate -> true;
      case Node.Hold hold -> true;
      case Node.GoOn goOn -> true;
      case Node.Release release -> true;
      case Node.Totals totals -> true;
      case Node.Snapshot snapshot -> true;
      case Node.Halt halt -> true;
      case Node.WithoutStandby without -> true;
      default -> false;
    };
  }

  private void obey(Node.Command command) {
    switch (command) {
      case Node.Open open -> answers.attempt(() -> open(open.shard()));
      case Node.Connect connect -> connect(connect);
      case Node.Know know -> know(know);
      case Node.TakeOver takeOver -> workers.takeOver(takeOver.lost());
      case Node.TakeOverStep takeOver -> workers.takeOver(takeOver.late(), takeOver.step());
      case Node.Activate activate -> shards.activate(activate.plan(), activate.start());
      case Node.Hold hold -> shards.hold(hold.version(), this::holding);
      case Node.GoOn goOn -> shards.goOn(goOn.version());
      case Node.Release release -> shards.release(release.nextHold(), this::holding);
      case Node.Totals totals -> totals(totals);
      case Node.Snapshot snapshot -> snapshot(snapshot.version());
      case Node.Halt halt -> halt();
      case Node.Leave leave -> workers.leave();
      case Node.Settle settle -> settle(settle.version());
      case Node.Evaluate evaluate ->
          workers.evaluate(
              evaluate.evaluations(),
              evaluate.version(),
              new Plan(evaluate.plan(), evaluate.shares()));
      case Node.Mirror mirror -> mirror(mirror);
      case Node.DropStandby drop -> dropStandby(drop.shard());
      case Node.WithoutStandby without -> shards.withoutStandby(without.shard(), without.number());
      case Node.Forsake forsake -> forsake(forsake.shard());
      case Node.Promote promote -> promote(promote);
      case Node.Reconnect reconnect -> reconnect(reconnect);
      case Node.TakeReports take -> report();
      case Node.OfWorker of -> onWorker(of);
      default -> {}
    }
  }

  private void onWorker(Node.OfWorker command) {
    if (!command.run().equals(identity())) {
      return; // Of a run that is over.
    }
    switch (command) {
      case Node.WorkerReady ready -> {
        if (workers.ready(ready.slot())) {
          answers.tell(new Coordinator.Ready(parts.number()));
          self.timers().startTimerWithFixedDelay(Node.Tick.LOOK, RunTimes.LOOK_EVERY);
          tellTimesNowAndThen();
        }
      }
      case Node.WorkerLeft left -> {
        if (workers.left(left.slot(), left.microBatches())) {
          answers.tellTimes(workers.lastTimes());
          answers.tell(
              new Coordinator.Left(parts.number(), workers.microBatches(), workers.traffic()));
        }
      }
      case Node.WorkerEvaluated evaluated -> {} // The leading shard tells when all have.
      case Node.WorkerFailed failed -> answers.refuse(failed.cause());
    }
  }

  /** Time has passed. */
  void on(Node.Tick tick) {
    switch (tick) {
      case REPORT -> report();
      case LOOK -> {
        tellSpeed();
        lookForServers();
      }
      case TIMES -> tellTimes();
      case CUT_OFF -> refuseIfCutOff();
      case REGISTER, JAR, TRACE, ABANDONED -> {} // Not of a run.
    }
  }

  /** Has the node go on with what {@code work} gives, if this run is not over then. */
  private <T> void later(Supplier<T> work, BiConsumer<T, Throwable> then) {
    whenDone(CompletableFuture.supplyAsync(work, self.thread()), then);
  }

  private void later(Runnable work, BiConsumer<Void, Throwable> then) {
    whenDone(CompletableFuture.runAsync(work, self.thread()), then);
  }

  private <T> void whenDone(CompletionStage<T> work, BiConsumer<T, Throwable> then) {
    self.context()
        .pipeToSelf(
            work, (result, failure) -> new Node.GoOnWith(this, () -> then.accept(result, failure)));
  }

  // Shards.

  private void open(int shard) {
    shards.open(shard);
    takeReportsNowAndThen();
    tellOpened(shard);
  }

  private void takeReportsNowAndThen() {
    self.timers().startTimerWithFixedDelay(Node.Tick.REPORT, RunTimes.REPORT_EVERY);
    tellTimesNowAndThen();
  }

  private void tellTimesNowAndThen() {
    self.timers().startTimerWithFixedDelay(Node.Tick.TIMES, RunTimes.LOOK_EVERY);
  }

  private void tellTimes() {
    List<StepTimes.Sample> samples = new ArrayList<>(shards.times());
    samples.addAll(workers.times());
    answers.tellTimes(samples);
  }

  /** The oldest step that is under way here; {@link Long#MAX_VALUE} if there is none. */
  private long step() {
    return Math.min(Math.min(shards.step(), standbys.step()), workers.step());
  }

  NodeTracing tracing() {
    return tracing;
  }

  private void holding(long version) {
    answers.tell(new Coordinator.Holding(version));
  }

  /** All of a shard is updated then, which takes its time: neither here nor where others wait. */
  private void totals(Node.Totals totals) {
    OwnShard shard = shards.of(totals.shard());
    if (shard == null) {
      return; // It is only about to be served here, and will ask again.
    }
    double[] values = totals.totals().stream().mapToDouble(Double::doubleValue).toArray();
    whenDone(
        CompletableFuture.runAsync(() -> shard.host().totals(totals.step(), values)),
        (done, failure) -> {
          if (failure != null) {
            answers.refuse(failure);
          }
        });
  }

  private void snapshot(long version) {
    shards.snapshot(version, shard -> answers.tell(new Coordinator.SnapshotMissed(shard, version)));
  }

  private void halt() {
    answers.tellTimes(shards.times());
    shards.halt(
        (shard, version) -> {
          report();
          answers.tell(new Coordinator.Halted(shard, version));
        });
  }

  private void settle(long version) {
    shards.settle(version);
    workers.settle(version);
    answers.tell(new Coordinator.Settled(parts.number()));
  }

  /** With the report of the last step the run may end: all else is told before. */
  private void report() {
    List<Coordinator.Command> reports = new ArrayList<>();
    shards.takeReports(reports::add);
    if (shards.areDone()) {
      answers.tellTimes(shards.times());
    }
    reports.forEach(answers::tell);
    standbys.takeReports(answers::tell);
  }

  // Standbys.

  private void mirror(Node.Mirror mirror) {
    int shard = mirror.shard();
    if (standbys.has(shard, mirror.number())) { // Its answer may have been lost.
      standbys.answer(shard).ifPresent(answers::tell);
      return;
    }
    long startNanos = System.nanoTime() - Duration.ofMillis(mirror.millis()).toNanos();
    OwnShard standby;
    try {
      standby = standbys.open(shard, mirror.number(), startNanos);
    } catch (RuntimeException | OutOfMemoryError failure) {
      standbyFailed(shard, failure);
      return;
    }
    takeReportsNowAndThen();
    later(
        () -> standbys.connect(standby, mirror.number(), self.parts().name(), mirror.server()),
        (connected, failure) -> {
          if (failure != null && standbys.has(standby)) {
            standbyFailed(shard, failure);
          }
        });
  }

  private void standbyFailed(int shard, Throwable failure) {
    Throwable root = Causes.root(failure);
    self.context().getLog().warn("no standby of shard {}: {}", shard, root.toString());
    answers.tell(standbys.failed(shard, Causes.message(root)));
  }

  /** On the thread: there it may still be connecting, and another may be asked for next. */
  private void dropStandby(int shard) {
    standbys.forget(shard);
    self.thread().execute(() -> standbys.disconnect(shard));
  }

  /** Until nothing comes from the server before, what is to be done with the shard waits. */
  private void promote(Node.Promote promote) {
    int shard = promote.shard();
    if (shards.of(shard) != null) { // The answer was lost.
      tellOpened(shard);
    } else if (standbys.has(shard, promote.number()) && promoted.add(shard)) {
      whenDone(
          standbys.disconnect(shard),
          (disconnected, failure) -> {
            promoted.remove(shard);
            if (failure != null) {
              answers.refuse(failure);
            } else {
              answers.attempt(() -> serve(standbys.take(shard), promote.start()));
            }
            goOnWithWaiting();
          });
    }
  }

  private void serve(OwnShard standby, Promotion start) {
    shards.promote(standby, start, this::holding);
    tellOpened(standby.host().number());
  }

  private void tellOpened(int shard) {
    answers.tell(new Coordinator.Opened(shard, parts.plane().endpoint()));
  }

  private void goOnWithWaiting() {
    List<Node.Command> commands = List.copyOf(waiting);
    waiting.clear();
    commands.forEach(this::on); // They may wait for another shard.
  }

  // Workers.

  private void connect(Node.Connect connect) {
    if (!workers.begin()) { // The answer was lost, or is still to come.
      if (workers.ready()) {
        answers.tell(new Coordinator.Ready(parts.number()));
      }
      return;
    }
    int slots = self.parts().slots();
    Supplier<NodeExchange> connection =
        () -> {
          NodeExchange exchange = workers.connect(self.parts().name(), slots, connect.servers());
          exchange.know(new Plan(connect.plan(), connect.shares()));
          return exchange;
        };
    later(
        connection,
        (exchange, failure) -> {
          if (failure != null) {
            answers.refuse(failure);
          } else {
            workers.start(exchange, slots, self.parts().slowdown());
          }
        });
  }

  private void know(Node.Know know) {
    workers.know(new Plan(know.plan(), know.shares()));
    answers.tell(new Coordinator.PlanKnown(parts.number(), know.plan()));
  }

  private void tellSpeed() {
    double nanos = workers.nanosPerMicroBatch();
    if (nanos > 0) {
      answers.tell(new Coordinator.Speed(parts.number(), nanos));
    }
  }

  private void forsake(int shard) {
    whenDone(
        parts.plane().forsake(identity(), shard),
        (forsaken, failure) -> {
          if (failure != null) {
            answers.refuse(failure);
          } else {
            answers.tell(workers.forsaken(shard));
          }
        });
  }

  /** If the new server is gone already, there may be yet another. */
  private void reconnect(Node.Reconnect reconnect) {
    int shard = reconnect.shard();
    later(
        () -> parts.plane().reconnect(identity(), shard, reconnect.server()),
        (connected, failure) -> {
          if (failure != null) {
            workers.lost(shard, Causes.message(Causes.root(failure)));
          } else {
            answers.tell(new Coordinator.Reconnected(parts.number(), shard));
          }
          lookForServers();
        });
  }

  /** A node without one of its servers waits for another, but not for ever. */
  private void lookForServers() {
    String lost = workers.lost();
    boolean waiting = self.timers().isTimerActive(Node.Tick.CUT_OFF);
    if (lost != null && !waiting) {
      self.context().getLog().warn("cut off from the run: {}", lost);
      self.timers().startSingleTimer(Node.Tick.CUT_OFF, RunTimes.CUT_OFF_AFTER);
    } else if (lost == null && waiting) {
      self.timers().cancel(Node.Tick.CUT_OFF);
    }
  }

  private void refuseIfCutOff() {
    String lost = workers.lost();
    if (lost != null) {
      answers.tell(new Coordinator.CutOff(parts.number(), lost));
      self.ref().tell(new Node.Expelled(lost)); // As the coordinator would, but that may be lost.
    }
  }

  // Without the coordinator.

  /** There is nobody to tell; steps go on under the last plan. */
  void keep() {
    self.timers().cancel(Node.Tick.REPORT);
    self.timers().cancel(Node.Tick.LOOK);
    self.timers().cancel(Node.Tick.TIMES);
    self.timers().cancel(Node.Tick.CUT_OFF);
  }

  /** Ends the steps, and tells the driver what is left of the run. */
  void salvage(Node.Salvage wanted) {
    workers.leave();
    salvage.tell(wanted.driver(), self.ref(), wanted.told(), self.parts().shards());
  }

  /** Hands a shard over to the driver, at a version. */
  void handOver(Node.HandOver wanted) {
    int shard = wanted.shard();
    if (salvage.isDone(shard)) { // The answer was lost.
      handedOver(wanted);
    } else if (salvage.begin(shard)) {
      if (standbys.has(shard)) {
        serveAndHandOver(wanted);
      } else if (shards.of(shard) != null) {
        handOver(shards.of(shard), wanted);
      }
    }
  }

  private void serveAndHandOver(Node.HandOver wanted) {
    whenDone(
        standbys.disconnect(wanted.shard()),
        (disconnected, failure) -> {
          if (standbys.has(wanted.shard())) { // Else it took over just before.
            shards.serve(standbys.take(wanted.shard()));
          }
          if (shards.of(wanted.shard()) != null) {
            handOver(shards.of(wanted.shard()), wanted);
          }
        });
  }

  private void handOver(OwnShard own, Node.HandOver wanted) {
    later(
        () -> own.host().keeping().handOver(wanted.version()),
        (done, failure) -> {
          if (failure == null) {
            salvage.done(wanted.shard());
            handedOver(wanted);
          } else {
            self.context().getLog().warn("shard {} cannot be handed over", wanted.shard(), failure);
          }
        });
  }

  private void handedOver(Node.HandOver wanted) {
    Endpoint here = parts.plane().endpoint();
    wanted.driver().tell(new Driver.HandedOver(identity().runId(), wanted.shard(), here));
  }

  // The end.

  void close() {
    keep();
    tracing.give(false);
    workers.close();
    leave();
  }

  /** Something was done for this run, which is over. */
  void leave() {
    parts.plane().leave(identity());
  }
}
