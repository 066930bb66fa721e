package io.lockstep.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failure that is made on purpose at one node, to see a run get over it. Has a form as text, in
 * which it is asked for and in which a launcher tells it to a node: {@code kill}, {@code
 * pause:SECONDS}, {@code slow:TIMES}, {@code slow:TIMES:SECONDS}, {@code drop}, {@code
 * delay:MILLISECONDS:SECONDS}, {@code cut} or {@code cut:SECONDS}.
 */
public sealed interface NodeFault {

  /** Longer than any run. */
  Duration FOR_GOOD = Duration.ofDays(36_500);

  /** As text. */
  String text();

  /** The node ends without a word. */
  record Kill() implements NodeFault {
    @Override
    public String text() {
      return "kill";
    }
  }

  /**
   * The node stands still.
   *
   * @param time in whole seconds
   */
  record Pause(Duration time) implements NodeFault {
    @Override
    public String text() {
      return "pause:" + time.toSeconds();
    }
  }

  /**
   * The node's workers compute more slowly.
   *
   * @param times how long they take, in times of what they took
   * @param time in whole seconds, or {@link #FOR_GOOD}
   */
  record Slow(double times, Duration time) implements NodeFault {
    @Override
    public String text() {
      return "slow:" + times + timeAsText(time);
    }
  }

  /** One connection of the node's data plane breaks, the oldest that it has. */
  record Drop() implements NodeFault {
    @Override
    public String text() {
      return "drop";
    }
  }

  /**
   * What the node's data plane sends and what it is sent arrives later, in the same order.
   *
   * @param by how much later, in whole milliseconds
   * @param time in whole seconds
   */
  record Delay(Duration by, Duration time) implements NodeFault {
    @Override
    public String text() {
      return "delay:" + by.toMillis() + timeAsText(time);
    }
  }

  /**
   * Nothing that the node sends arrives, nor what it is sent, on either plane. What the data plane
   * was sent meanwhile is lost: its connections break when the node can be reached again.
   *
   * @param time in whole seconds, or {@link #FOR_GOOD}
   */
  record Cut(Duration time) implements NodeFault {
    @Override
    public String text() {
      return "cut" + timeAsText(time);
    }
  }

  private static String timeAsText(Duration time) {
    return time.equals(FOR_GOOD) ? "" : ":" + time.toSeconds();
  }

  /** The fault of that {@link #text}; empty if it is none. */
  static Optional<NodeFault> parse(String text) {
    Matcher form = Form.PATTERN.matcher(text);
    return form.matches() ? Form.read(form) : Optional.empty();
  }

  /** How faults are written. */
  final class Form {

    private static final Pattern PATTERN =
        Pattern.compile(
            "(kill|drop)|pause:(?<pause>N)|slow:(?<times>T)(:(?<slow>N))?|delay:(?<by>N):(?<delay>N)|cut(:(?<cut>N))?"
                .replace("N", "[1-9]\\d{0,4}")
                .replace("T", "[1-9]\\d{0,3}(\\.\\d{1,6})?"));

    private Form() {}

    private static Optional<NodeFault> read(Matcher form) {
      return Optional.of(
          switch (form.group().split(":", 2)[0]) {
            case "kill" -> new Kill();
            case "drop" -> new Drop();
            case "pause" -> new Pause(seconds(form.group("pause")));
            case "slow" ->
                new Slow(Double.parseDouble(form.group("times")), seconds(form.group("slow")));
            case "delay" ->
                new Delay(
                    Duration.ofMillis(Long.parseLong(form.group("by"))),
                    seconds(form.group("delay")));
            default -> new Cut(seconds(form.group("cut")));
          });
    }

    private static Duration seconds(String text) {
      return text == null ? FOR_GOOD : Duration.ofSeconds(Long.parseLong(text));
    }
  }
}
