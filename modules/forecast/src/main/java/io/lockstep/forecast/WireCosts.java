package io.lockstep.forecast;

/**
 * What it costs the processors to send and to receive, apart from what a network takes.
 *
 * @param sockets by TCP
 * @param shared by memory that processes of one machine share
 * @param controlNanos of one message between actors, from told to being dealt with
 */
public record WireCosts(Path sockets, Path shared, double controlNanos) {

  /**
   * One way for frames. Each costs one thing where the event loop that deals with it has something
   * to do anyway, and another where that has slept: it has to be woken, and its caches are used
   * otherwise.
   *
   * @param behind of a frame right behind another
   * @param apart of a frame after a pause
   * @param loopWakeNanos from what an event loop waits for until it goes on, if it had nothing to
   *     do
   * @param wakeNanos from what ends a wait until the computing thread that waits goes on
   */
  public record Path(Frames behind, Frames apart, double loopWakeNanos, double wakeNanos) {

    /** One on which nothing costs anything. */
    public static final Path FREE = of(new Frames(0, 0, 0, 0, 0, 0), 0, 0);

    /** One on which a pause changes nothing of what frames cost. */
    public static Path of(Frames frames, double loopWakeNanos, double wakeNanos) {
      return new Path(frames, frames, loopWakeNanos, wakeNanos);
    }
  }

  /**
   * What frames cost.
   *
   * @param handNanos of the computing thread that hands a frame over, apart from its bytes
   * @param handNanosPerByte of the same for each byte
   * @param sendNanos of the sender's event loop for each frame
   * @param sendNanosPerByte of the same for each byte
   * @param receiveNanos of the receiver's event loop for each frame
   * @param receiveNanosPerByte of the same for each byte
   */
  public record Frames(
      double handNanos,
      double handNanosPerByte,
      double sendNanos,
      double sendNanosPerByte,
      double receiveNanos,
      double receiveNanosPerByte) {

    /** Nanoseconds to hand over a frame. */
    public double hand(int bytes) {
      return handNanos + handNanosPerByte * bytes;
    }

    /** Nanoseconds to send a frame. */
    public double send(int bytes) {
      return sendNanos + sendNanosPerByte * bytes;
    }

    /** Nanoseconds to receive a frame. */
    public double receive(int bytes) {
      return receiveNanos + receiveNanosPerByte * bytes;
    }
  }
}
