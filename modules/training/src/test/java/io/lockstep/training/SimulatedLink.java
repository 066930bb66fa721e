package io.lockstep.training;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Messages on their way from one part of a simulated cluster to another, in order. */
final class SimulatedLink extends Schedule.Source {

  private record Message(Supplier<String> what, Runnable arrives) {}

  private final Schedule schedule;
  private final String name;
  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  private boolean cut;

  SimulatedLink(Schedule schedule, String name) {
    this.schedule = schedule;
    this.name = name;
    schedule.add(this);
  }

  void send(Supplier<String> what, Runnable arrives) {
    if (!cut) {
      messages.add(new Message(what, arrives));
    }
  }

  void send(String what, Runnable arrives) {
    send(() -> what, arrives);
  }

  /** Nothing more is sent, and of what is on its way only the first part arrives. */
  void cut() {
    if (!cut) {
      cut = true;
      int arriving = schedule.choose(messages.size() + 1);
      while (messages.size() > arriving) {
        messages.removeLast();
      }
    }
  }

  /** Nothing arrives any more. */
  void close() {
    cut = true;
    messages.clear();
    schedule.remove(this);
  }

  @Override
  boolean isReady() {
    return !messages.isEmpty();
  }

  @Override
  void go() {
    Message message = messages.poll();
    schedule.tell(() -> name + ": " + message.what().get());
    message.arrives().run();
  }
}
