package io.lockstep.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A run of the command that tells every step and event as a line of JSON. Used by one thread, which
 * hears of them in their order, while it waits for something.
 *
 * <p>Time is what the run itself tells with each step, so it does not hold how long the telling
 * takes.
 */
final class FollowedRun {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 120;
  private static final long POLL_MILLIS = 100;

  /** At least so long after a kill, what it brings about may come. */
  private static final long WATCHED_SECONDS = 3;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, String> standbys = new HashMap<>();
  private double last = Double.NaN;
  private double longest;
  private JsonNode end;

  /**
   * @param process of a command with {@code --json} and {@code train.reportEvery = 1}
   */
  FollowedRun(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
  }

  /** How often the run has told an event of that kind. */
  int count(String event) {
    return counts.getOrDefault(event, 0);
  }

  /** Shards that have a standby with all that they hold. */
  int mirroredShards() {
    return standbys.size();
  }

  /**
   * Follows the run until {@code condition} holds.
   *
   * @param expected what that is
   * @throws IllegalStateException if the run ends before, or after {@value #LIMIT_SECONDS} s
   */
  void await(BooleanSupplier condition, String expected) throws InterruptedException {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      follow(begin, expected);
    }
  }

  /** Follows the run for so long. */
  void watch(long seconds) throws InterruptedException {
    long begin = System.nanoTime();
    while (secondsSince(begin) < seconds) {
      follow(begin, "steps");
    }
  }

  /**
   * The longest time between two steps from now on, in seconds: until {@code recovered} holds, a
   * step has followed, and {@value #WATCHED_SECONDS} s have passed.
   *
   * @param expected what {@code recovered} waits for
   */
  double standing(BooleanSupplier recovered, String expected) throws InterruptedException {
    longest = 0;
    long begin = System.nanoTime();
    boolean over = false;
    while (!over || secondsSince(begin) < WATCHED_SECONDS) {
      boolean mayBeOver = recovered.getAsBoolean();
      boolean stepped = follow(begin, expected);
      over |= mayBeOver && stepped;
    }
    return longest;
  }

  /** Asks the run to end as a scheduler does, so that it keeps what it has; returns its summary. */
  JsonNode stop() throws InterruptedException {
    process.toHandle().destroy();
    await(() -> end != null, "the end of the run");
    return end;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  /** Takes in the next line, if there is one soon; returns whether it tells a step. */
  private boolean follow(long since, String expected) throws InterruptedException {
    boolean mayTellMore = process.isAlive();
    String line = lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    if (line == null && (!mayTellMore || secondsSince(since) > LIMIT_SECONDS)) {
      throw new IllegalStateException(
          "expected %s within %d s, but the run %s"
              .formatted(expected, LIMIT_SECONDS, mayTellMore ? "stands" : "has ended"));
    }
    return line != null && line.startsWith("{") && take(line);
  }

  private boolean take(String line) {
    JsonNode told = parsed(line);
    String event = told.path("event").asText();
    counts.merge(event, 1, Integer::sum);
    String node = told.path("node").asText();
    String shard = told.path("detail").asText().replaceFirst("^(shard [0-9]+).*", "$1");
    switch (event) {
      case "step" -> step(told.path("seconds").asDouble());
      case "mirrored" -> standbys.put(shard, node);
      case "unmirrored", "took_over" -> standbys.remove(shard);
      case "lost", "left" -> standbys.values().removeIf(node::equals);
      case "end" -> end = told;
      default -> {}
    }
    return event.equals("step");
  }

  private void step(double seconds) {
    longest = Double.isNaN(last) ? longest : Math.max(longest, seconds - last);
    last = seconds;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("expected a line of JSON but found " + line, e);
    }
  }
}
