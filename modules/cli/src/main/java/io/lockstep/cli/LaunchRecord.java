package io.lockstep.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lockstep.RunInfo;
import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a launcher tells of itself and its nodes in the run's {@code launch.json}, for those who
 * come later: {@code status}, {@code attach}, {@code stop}.
 *
 * @param pid of the launcher
 * @param startedMs when that process started; tells it from a later one with the same number
 * @param machine that it runs on
 * @param state where it is
 * @param exitCode once it has ended, else null
 * @param heading what is trained, as lines for people
 * @param steps of the whole run; 0 before it begins
 * @param epochs of the whole run
 * @param stepsPerEpoch steps of an epoch; 0 before it begins
 * @param nodes that were started
 */
record LaunchRecord(
    long pid,
    long startedMs,
    String machine,
    State state,
    Integer exitCode,
    List<String> heading,
    long steps,
    int epochs,
    long stepsPerEpoch,
    List<Node> nodes) {

  /** Where a launcher is. */
  enum State {
    /** Its nodes are being started. */
    STARTING,
    /** They train. */
    RUNNING,
    /** They have ended, in whatever way. */
    ENDED
  }

  /**
   * A node.
   *
   * @param name of it
   * @param host that it runs on, as people know it
   * @param pid of its process, or of its ssh
   * @param control address of its control plane
   * @param data address of its data plane
   * @param gone whether its process has ended
   */
  record Node(String name, String host, long pid, String control, String data, boolean gone) {

    Node ended() {
      return new Node(name, host, pid, control, data, true);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** The system's clock may have been set since a process started. */
  private static final long CLOCK_MS = 2_000;

  /** A launcher in the given process, at its beginning. */
  static LaunchRecord starting(ProcessHandle process) {
    return new LaunchRecord(
        process.pid(),
        startMs(process),
        thisMachine(),
        State.STARTING,
        null,
        List.of(),
        0,
        0,
        0,
        List.of());
  }

  LaunchRecord withNodes(List<Node> started) {
    return new LaunchRecord(
        pid,
        startedMs,
        machine,
        state,
        exitCode,
        heading,
        steps,
        epochs,
        stepsPerEpoch,
        List.copyOf(started));
  }

  LaunchRecord running(RunInfo run) {
    return new LaunchRecord(
        pid,
        startedMs,
        machine,
        State.RUNNING,
        null,
        ProgressText.start(run),
        run.steps(),
        run.epochs(),
        run.stepsPerEpoch(),
        nodes);
  }

  LaunchRecord ended(int code) {
    return new LaunchRecord(
        pid, startedMs, machine, State.ENDED, code, heading, steps, epochs, stepsPerEpoch, nodes);
  }

  /** Whether the epoch that ended with {@code step} has seen all its rows. */
  boolean isWhole(long step) {
    return stepsPerEpoch == 0 || step % stepsPerEpoch == 0;
  }

  private static long startMs(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String thisMachine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  /** The launcher's process, if it is still there; only asked on its own machine. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(found -> Math.abs(startMs(found) - startedMs) <= CLOCK_MS);
  }

  /** Whether this is the machine that the launcher runs on. */
  @JsonIgnore
  boolean isHere() {
    return machine.equals(thisMachine());
  }

  /** Whether the launcher is at work, as far as can be known from here. */
  @JsonIgnore
  boolean isAlive() {
    return state != State.ENDED && (!isHere() || process().isPresent());
  }

  /**
   * Reads the record of a run.
   *
   * @throws BadInputException if there is none
   */
  static LaunchRecord read(Path run) {
    RunArgument.require(run);
    Path file = RunFolder.launchFile(run);
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          run + ": expected the folder of a run that lockstep launch began, with launch.json");
    }
    try {
      return JSON.readValue(Files.readString(file), LaunchRecord.class);
    } catch (JsonProcessingException malformed) {
      throw new BadInputException(
          "%s: expected the record of a launch: %s".formatted(file, malformed.getOriginalMessage()),
          malformed);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be read: %s".formatted(file, failure), failure);
    }
  }

  /** Writes the record of a run; readers see the old one or the new one. */
  void write(Path run) {
    Path file = RunFolder.launchFile(run);
    Path temporary = RunFolder.logsFolder(run).resolve("launch.json.tmp");
    try {
      Files.writeString(
          temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
