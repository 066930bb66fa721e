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
   * One way for frames.
   *
   * @param handNanos of the computing thread that hands a frame over, apart from its bytes
   * @param handNanosPerByte of the same for each byte
   * @param sendNanos of the sender's event loop for each frame
   * @param sendNanosPerByte of the same for each byte
   * @param receiveNanos of the receiver's event loop for each frame
   * @param receiveNanosPerByte of the same for each byte
   * @param loopWakeNanos from what an event loop waits for until it goes on, if it had nothing to
   *     do
   * @param wakeNanos from what ends a wait until the computing thread that waits goes on
   */
  public record Path(
      double handNanos,
      double handNanosPerByte,
      double sendNanos,
      double sendNanosPerByte,
      double receiveNanos,
      double receiveNanosPerByte,
      double loopWakeNanos,
      double wakeNanos) {}
}
