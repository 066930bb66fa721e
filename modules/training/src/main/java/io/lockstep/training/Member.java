package io.lockstep.training;

/** A node that takes part in a run, or is about to; {@link RunCourse} alone changes it. */
final class Member {

  /** How far a node has come. */
  enum State {
    /** It was told to read the data, or will be. */
    OFFERED,
    /** It has the data. */
    PREPARED,
    /** Its workers connect and warm up. */
    CONNECTING,
    /** Its workers compute as soon as a plan includes them. */
    READY,
    /** Its workers were told to leave for good: the run goes on without them. */
    RELEASED,
    /** Its workers have left the steps, since these are over. */
    LEFT
  }

  final int node;
  final String name;
  final int slots;
  final int shards;
  State state = State.OFFERED;

  /** Whether the run begins with it, and cannot begin without it. */
  boolean founder;

  /** Whether it wants to go. */
  boolean draining;

  /** Whether it did not do its part of a step when others had, and has not been heard of since. */
  boolean late;

  /** How often it was late. */
  int timesLate;

  /** While it is late: the step at which it is asked whether it can take part again. */
  long askAt;

  /** How often it could not have a standby, or held up the steps with it. */
  int standbyFailures;

  /** The step from which on it may be asked to have a standby. */
  long standbyAt;

  /** How many servers had moved when it was told to connect. */
  int serversAt;

  /** How long each of its workers computes at a micro-batch, by its last report; 0 if unknown. */
  double nanos;

  /** The speed of its workers that plans count on. */
  int speed = Plan.USUAL_SPEED;

  /** How many reports in a row were clearly of another speed. */
  int reportsOff;

  /**
   * @param slots its workers; 0 if it computes nothing
   * @param shards the most shards that it can hold
   */
  Member(int node, String name, int slots, int shards) {
    this.node = node;
    this.name = name;
    this.slots = slots;
    this.shards = shards;
  }

  Plan.Share share() {
    return new Plan.Share(node, slots, speed);
  }

  boolean computes() {
    return slots > 0;
  }

  boolean isReady() {
    return state == State.READY;
  }

  boolean hasLeft() {
    return state == State.LEFT;
  }

  /** Whether it has not computed anything yet. */
  boolean isBeforeReady() {
    return state.compareTo(State.READY) < 0;
  }
}
