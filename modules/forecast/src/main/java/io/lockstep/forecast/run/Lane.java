package io.lockstep.forecast.run;

import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.net.Frame;
import io.lockstep.forecast.net.Outbox;
import io.lockstep.forecast.net.SimConnection;
import io.lockstep.forecast.time.SimThread;
import java.util.function.Consumer;

/**
 * One direction of a connection between two processes: frames cost the event loop at each end, and
 * travel by the network, or within the machine by shared memory, which takes no time of its own.
 */
final class Lane {

  /** Bytes that a connection holds: buffers of sockets are as large as the data plane asks for. */
  private static final long SOCKET_BYTES = 4 << 20;

  private final World world;
  private final SimThread sender;
  private final SimThread receiver;
  private final WireCosts.Path sending;
  private final WireCosts.Path receiving;
  private final Outbox outbox;

  /** Null within a machine. */
  private final SimConnection connection;

  private boolean cut;

  /**
   * @param sender the event loop at the beginning
   * @param receiver the event loop at the end
   * @param outbox what waits for the lane
   */
  Lane(
      World world,
      SimMachine from,
      SimThread sender,
      SimMachine to,
      SimThread receiver,
      Outbox outbox) {
    this.world = world;
    this.sender = sender;
    this.receiver = receiver;
    this.sending = from.costs();
    this.receiving = to.costs();
    this.outbox = outbox;
    this.connection =
        world.spec.hardware().oneMachine()
            ? null
            : new SimConnection(from.nic(), to.nic(), world.latencyNanos(), SOCKET_BYTES, outbox);
  }

  /** Nothing more is sent, nor arrives. */
  void cut() {
    cut = true;
    if (connection != null) {
      connection.cut();
    }
  }

  private void wake() {
    if (connection != null) {
      connection.wake();
      return;
    }
    for (Frame frame = outbox.next(); frame != null; frame = outbox.next()) {
      frame.arrived().run();
    }
  }

  /**
   * Gives a frame to the outbox, as the sender's event loop comes to it.
   *
   * @param offer puts it there
   * @param arrives what the receiver's event loop does with it
   */
  void send(int bytes, Consumer<Frame> offer, Runnable arrives) {
    double behind = receiving.behind().receive(bytes);
    double apart = receiving.apart().receive(bytes);
    Frame frame =
        new Frame(bytes, () -> world.meter.run(receiver, behind, apart, () -> arrive(arrives)));
    world.meter.pass(
        sender,
        sending.behind().send(bytes),
        sending.apart().send(bytes),
        () -> offer(frame, offer));
  }

  /** Whether the sender's event loop has something to do, or is about to have. */
  boolean isSending() {
    return sender.isAwake();
  }

  private void offer(Frame frame, Consumer<Frame> offer) {
    if (!cut) {
      offer.accept(frame);
      wake();
    }
  }

  private void arrive(Runnable what) {
    if (!cut) {
      what.run();
    }
  }
}
