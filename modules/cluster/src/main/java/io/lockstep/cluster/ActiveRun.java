package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.CourseReports;
import io.lockstep.training.ReportedCourse;
import io.lockstep.training.RunCourse;
import io.lockstep.training.RunNodes;
import io.lockstep.training.ShardPlaces;

/**
 * The run that the coordinator has: what is said to it, by nodes, its driver and the time, goes to
 * its {@link RunCourse}. Used by the coordinator's actor.
 */
final class ActiveRun {

  private final RunSpec spec;
  private final ActorRef<Driver.Command> driver;
  private final RunNodes nodes;
  private final RunCourse course;
  private final ShardPlaces places;
  private final ReportedCourse reported;

  /**
   * @param orders of its course
   * @param nodes those of the cluster
   */
  ActiveRun(RunSpec spec, ActorRef<Driver.Command> driver, CourseOrders orders, RunNodes nodes) {
    this.spec = spec;
    this.driver = driver;
    this.nodes = nodes;
    this.course = new RunCourse(spec.shape(), orders);
    this.places = new ShardPlaces(spec.shape().shards());
    this.reported = new ReportedCourse(course, places, nodes);
  }

  RunSpec spec() {
    return spec;
  }

  /** Who asked for it. */
  ActorRef<Driver.Command> driver() {
    return driver;
  }

  RunCourse course() {
    return course;
  }

  ShardPlaces places() {
    return places;
  }

  /** Passes on what is said to the run. */
  void tell(Coordinator.Command command) {
    switch (command) {
      case Coordinator.Prepared prepared -> course.prepared(prepared.node());
      case Coordinator.Refused refused -> course.refused(refused.node(), refused.why());
      case Coordinator.Opened opened -> reported.opened(opened.shard(), opened.endpoint());
      case Coordinator.Ready ready -> course.ready(ready.node());
      case Coordinator.PlanKnown known -> course.planKnown(known.node(), known.plan());
      case Coordinator.StepsDone done ->
          reported.stepsDone(done.shard(), CourseReports.SERVED, done.next(), done.sums());
      case Coordinator.StepsMirrored done ->
          reported.stepsDone(done.shard(), done.number(), done.next(), done.sums());
      case Coordinator.Measured of -> reported.measured(of.shard(), of.step(), of.part());
      case Coordinator.Late late -> course.late(late.open(), late.times());
      case Coordinator.Speed speed -> course.speed(speed.node(), speed.nanosPerMicroBatch());
      case Coordinator.StepFailed failed ->
          reported.stepFailed(failed.shard(), failed.step(), failed.layer());
      case Coordinator.Begun begun -> reported.begun(begun.version(), begun.plan());
      case Coordinator.Evaluated done ->
          course.evaluated(done.evaluation(), done.version(), done.sums());
      case Coordinator.EvaluationMirrored done ->
          reported.evaluated(
              done.shard(), done.number(), done.evaluation(), done.version(), done.sums());
      case Coordinator.Halted halted -> course.halted(halted.shard(), halted.version());
      case Coordinator.Left left -> course.left(left.node(), left.microBatches(), left.traffic());
      case Coordinator.Settled settled -> course.settled(settled.node());
      case Coordinator.Disconnected broken -> reported.disconnected(broken.peer(), broken.why());
      case Coordinator.Filled filled ->
          reported.filled(filled.node(), filled.shard(), filled.number(), filled.version());
      case Coordinator.StandbyFailed failed ->
          reported.standbyFailed(failed.node(), failed.shard(), failed.number(), failed.why());
      case Coordinator.StandbyLate late -> reported.standbyLate(late.shard(), late.number());
      case Coordinator.PrimaryLost lost ->
          reported.primaryLost(lost.shard(), lost.number(), lost.why());
      case Coordinator.Forsaken forsaken ->
          course.forsaken(
              forsaken.node(),
              forsaken.shard(),
              forsaken.version(),
              forsaken.plan(),
              forsaken.since());
      case Coordinator.Reconnected done -> course.reconnected(done.node(), done.shard());
      case Coordinator.CutOff cut -> nodes.expel(cut.node(), cut.why());
      case Coordinator.Drain drain -> course.drain(drain.node());
      case Coordinator.WeightsKept kept -> course.weightsKept();
      case Coordinator.Restored restored -> course.restored();
      case Coordinator.AskCheckpoint ask -> course.checkpoint();
      case Coordinator.SnapshotTaken taken ->
          reported.snapshotTaken(taken.shard(), taken.version());
      case Coordinator.SnapshotMissed missed -> course.snapshotMissed(missed.version());
      case Coordinator.CheckpointKept kept -> course.checkpointKept(kept.version());
      case Coordinator.CheckpointLost lost -> course.checkpointLost(lost.version());
      case Coordinator.Stop stop -> course.stop();
      case Coordinator.GivenUp givenUp ->
          course.fail("the program that asked for the run has broken it off");
      case Coordinator.Hold hold -> course.hold(hold.version());
      case Coordinator.Release release -> course.release(release.nextHold());
      case Coordinator.Holding holding -> course.holding(holding.version());
      case Coordinator.TimedOut timedOut ->
          course.timedOut(timedOut.doing(), spec.patienceSeconds());
      case Coordinator.DriverLost lost -> {
        if (lost.driver().equals(driver)) {
          course.fail("the program that asked for the run is gone");
        }
      }
      case Coordinator.RemindDue due -> course.remind();
      case Coordinator.Register register -> {} // These are not of a run.
      case Coordinator.Submit submit -> {}
      case Coordinator.Keeps keeps -> {}
      case Coordinator.Salvage asked -> {}
      case Coordinator.OfRun of -> {}
      case Coordinator.OfNode of -> {}
      case Coordinator.NodeLost lost -> {}
      case Coordinator.Gone gone -> {}
      case Coordinator.NodeDied died -> {}
    }
  }
}
