package io.lockstep.forecast.net;

/**
 * What a server has for a worker: of each slot (a bucket, or another thing that has versions) the
 * two newest versions, the lowest slot first. A worker that is slow is never sent what it needs no
 * more; and it needs the version before the newest as long as that one's step is open for others.
 */
public final class LatestOutbox implements Outbox {

  private final Frame[] newest;
  private final Frame[] older;
  private final long[] versions;
  private final int[] plans;
  private int lowest;

  /** Nothing waits for any of {@code slots} slots. */
  public LatestOutbox(int slots) {
    this.newest = new Frame[slots];
    this.older = new Frame[slots];
    this.versions = new long[slots];
    this.plans = new int[slots];
    this.lowest = slots;
  }

  /**
   * Has a frame sent, behind one of an older version that waits, or in place of one of the same
   * version, or of newer ones. Only if that of the same version names a later plan, it stays.
   *
   * @param plan that the frame names; -1 for none
   */
  public void offer(int slot, long version, int plan, Frame frame) {
    boolean waits = newest[slot] != null;
    if (waits && versions[slot] == version && plan < plans[slot]) {
      return;
    }
    if (waits && versions[slot] < version) {
      older[slot] = newest[slot];
    } else if (waits && versions[slot] > version) {
      older[slot] = null;
    }
    newest[slot] = frame;
    versions[slot] = version;
    plans[slot] = plan;
    lowest = Math.min(lowest, slot);
  }

  @Override
  public Frame next() {
    for (; lowest < newest.length; lowest++) {
      Frame[] from = older[lowest] != null ? older : newest;
      Frame frame = from[lowest];
      if (frame != null) {
        from[lowest] = null;
        return frame;
      }
    }
    return null;
  }
}
