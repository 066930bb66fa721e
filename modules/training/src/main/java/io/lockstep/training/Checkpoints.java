package io.lockstep.training;

import java.util.Set;
import java.util.TreeSet;

/**
 * Which versions of a run are checkpointed, one at a time. A version is named ahead; each shard has
 * a snapshot of it when it commits it, without anybody waiting; when all have, and all steps before
 * it were told, whoever asked for the run fetches the snapshots and keeps them.
 *
 * <p>A shard that has gone on before it heard of the version says so. Then another is named,
 * further ahead.
 *
 * <p>A version can also be demanded while the run stands still at it, and goes on when all shards
 * have a snapshot of it.
 */
final class Checkpoints {

  private static final long NONE = -1;

  /** Versions between the last that was told and the one that is named. */
  private static final long MOST_AHEAD = 1 << 20;

  private final RunState run;
  private final Set<Integer> missing = new TreeSet<>();
  private long ahead = 1;
  private long named = NONE;
  private boolean keeping;
  private boolean asked;
  private long demanded = NONE;

  /** The version demanded last whose snapshots are there, until it is kept. */
  private long unkept = NONE;

  private long last = NONE;
  private boolean done;
  private long newest;

  Checkpoints(RunState run) {
    this.run = run;
    this.newest = run.shape.first();
  }

  /** The version that steps are told up to before any that follow; the largest if there is none. */
  long next() {
    return named == NONE || keeping ? Long.MAX_VALUE : named;
  }

  /** As soon as possible, one more than those that are due. */
  void ask() {
    asked = run.shape.checkpoints();
    name();
  }

  /** Names the next version, if one is due and none is under way. */
  void name() {
    if (named != NONE || last != NONE || !run.is(Phase.TRAINING)) {
      return;
    }
    long soonest = Math.max(run.steps.committed() + ahead, newest + 1);
    long version = asked ? soonest : run.shape.nextCheckpoint(soonest);
    if (version < run.shape.steps()) { // The last version is checkpointed anyway.
      order(version);
    }
  }

  private void order(long version) {
    named = version;
    for (int shard = 0; shard < run.shape.shards(); shard++) {
      missing.add(shard);
    }
    run.placement.servers().forEach(node -> run.orders.snapshot(node, version));
  }

  /**
   * Has {@code version} kept, at which the run stands still: it goes on as soon as every shard has
   * a snapshot. Replaces one that is named ahead, and waits for one that is being kept, for a shard
   * has one at a time.
   */
  void demand(long version) {
    demanded = version;
    if (named == version && missing.isEmpty()) {
      goOn();
    } else if (named != version && !keeping) {
      order(version);
    }
  }

  private void goOn() {
    unkept = demanded;
    run.goOn(demanded);
    demanded = NONE;
  }

  /** A shard has its snapshot. */
  void taken(int shard, long version) {
    if (version != named || !missing.remove(shard) || !missing.isEmpty()) {
      return;
    }
    if (run.steps.committed() == version) { // Else once its steps were told.
      keep();
    }
    if (version == demanded) {
      goOn();
    }
  }

  /** A shard has moved: the snapshot that it had, or was to take, is gone. */
  void moved() {
    if (named == NONE) {
      return;
    }
    if (named == demanded) {
      order(named); // The run stands still there.
    } else {
      missed(named);
    }
  }

  /** A shard has gone on already. */
  void missed(long version) {
    if (version == named && !keeping) {
      abandon();
    }
  }

  /** All steps before the named version were told. */
  void told() {
    if (missing.isEmpty()) {
      keep();
    } else if (named != demanded) {
      abandon();
    }
  }

  private void keep() {
    keeping = true;
    asked = false;
    run.orders.checkpoint(named);
  }

  private void abandon() {
    if (named == demanded || named == unkept) {
      breakOff();
      return;
    }
    named = NONE;
    if (last != NONE) {
      done = true;
    }
    ahead = Math.min(2 * ahead, MOST_AHEAD);
    name();
  }

  /** What was demanded is wanted at the end, and can only be computed again. */
  private void breakOff() {
    run.breakOff(
        "the weights after step %d, the best so far, were lost with a parameter server"
            .formatted(named));
  }

  /** Whoever asked for the run could not fetch the snapshots. */
  void lost(long version) {
    if (version == named && version == unkept && demanded == NONE) {
      breakOff();
    } else { // Where another is demanded, that one takes its place.
      kept(version);
    }
  }

  /** Whoever asked for the run has the checkpoint, or could not keep it. */
  void kept(long version) {
    if (version != named || !keeping) {
      return;
    }
    unkept = NONE;
    newest = named;
    named = NONE;
    keeping = false;
    if (last != NONE) {
      finish(last);
    } else if (demanded != NONE) {
      order(demanded);
    } else {
      name();
    }
  }

  /** Nothing follows {@code version}: it is checkpointed, too, if its state is still there. */
  void finish(long version) {
    last = version;
    demanded = NONE;
    if (keeping) {
      return; // Until that is kept.
    }
    if (!run.shape.checkpoints() || newest == version) {
      done = true;
    } else if (named != version) {
      order(version);
    }
  }

  /** Whether nothing more is to be kept. */
  boolean done() {
    return done;
  }
}
