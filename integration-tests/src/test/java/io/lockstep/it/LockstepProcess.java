package io.lockstep.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The command {@code lockstep} as a process of its own, with this test's JDK and class path. Used
 * by one thread; closing it kills what is left of it and of the processes that it started.
 */
final class LockstepProcess implements AutoCloseable {

  /** What {@code bin/lockstep} gives the JVM; the processes of a launch inherit it. */
  static final List<String> USUAL_FLAGS =
      List.of("--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC");

  /** For networks so small that starting is all the work: less of it for the JVM's compilers. */
  static final List<String> SMALL_FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dlockstep.kernels=scalar");

  private static final Duration LIMIT = Duration.ofSeconds(300);
  private static final long KILLED_SECONDS = 10;

  /**
   * What a shell runs in the background ignores Ctrl-C, and so does all that is started from there,
   * unless it is started through this. GNU's {@code env} can do that; others cannot.
   */
  private static final List<String> HEARS_CTRL_C = List.of("env", "--default-signal=INT");

  private static final boolean ENV_CAN = envCan();

  /** How a process ended. */
  record Ended(int exitCode, String out, String err) {}

  private final Process process;
  private final Path out;
  private final Path err;

  private LockstepProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it with the flags of {@code bin/lockstep}, its output in files of {@code folder}. */
  static LockstepProcess start(Path folder, List<String> jvmFlags, String... arguments)
      throws IOException {
    return start(folder, List.of(), jvmFlags, arguments);
  }

  /**
   * As above.
   *
   * @param before folders whose classes and resources are found before this test's
   */
  static LockstepProcess start(
      Path folder, List<Path> before, List<String> jvmFlags, String... arguments)
      throws IOException {
    return startCommand(folder, command(before, jvmFlags, arguments));
  }

  /** Starts a command line that leads to one of {@link #command}, for instance on another host. */
  static LockstepProcess startCommand(Path folder, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(ENV_CAN ? joined(HEARS_CTRL_C, command) : command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new LockstepProcess(process, out, err);
  }

  private static boolean envCan() {
    try {
      Process tried = new ProcessBuilder(joined(HEARS_CTRL_C, List.of("true"))).start();
      return tried.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** The whole command line. */
  static List<String> command(List<Path> before, List<String> jvmFlags, String... arguments) {
    List<String> classPath = new ArrayList<>();
    before.forEach(path -> classPath.add(path.toString()));
    classPath.add(System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dlogback.configurationFile=logback.xml"); // The command's, not this test's.
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.add("io.lockstep.cli.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs it with the incubator module, as {@code bin/lockstep} does, to its end. */
  static Ended run(Path folder, String... arguments) throws Exception {
    return run(folder, USUAL_FLAGS, arguments);
  }

  /** Runs it to its end. */
  static Ended run(Path folder, List<String> jvmFlags, String... arguments) throws Exception {
    try (LockstepProcess process = start(folder, jvmFlags, arguments)) {
      return process.await();
    }
  }

  /**
   * Waits for its end; a process that does not end is killed and fails the test with its output.
   */
  Ended await() throws InterruptedException, TimeoutException {
    return await(LIMIT);
  }

  /** As {@link #await()}, within the given time. */
  Ended await(Duration limit) throws InterruptedException, TimeoutException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new TimeoutException("no end after %s: %s%s".formatted(limit, text(out), text(err)));
    }
    return new Ended(process.exitValue(), text(out), text(err));
  }

  /** Waits until it has written {@code text} to its standard output; fails if it ends before. */
  void awaitOut(String text) {
    Awaitility.await().atMost(LIMIT).until(() -> outSoFar().contains(text) || !process.isAlive());
    if (!outSoFar().contains(text)) {
      throw new AssertionError(
          "expected '%s' but it ended: %s%s".formatted(text, outSoFar(), errSoFar()));
    }
  }

  /**
   * Waits until it has written {@code text} after {@code before}, which it has written {@code
   * times} times until then; fails if it ends before.
   */
  void awaitOutAfter(int times, String before, String text) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> outAfter(times, before).contains(text) || !process.isAlive());
    if (!outAfter(times, before).contains(text)) {
      throw new AssertionError(
          "expected '%s' after %d times '%s' but it ended: %s%s"
              .formatted(text, times, before, outSoFar(), errSoFar()));
    }
  }

  private String outAfter(int times, String before) {
    String out = outSoFar();
    int at = 0;
    for (int i = 0; i < times; i++) {
      at = out.indexOf(before, at) + 1;
      if (at == 0) {
        return "";
      }
    }
    return out.substring(at);
  }

  /**
   * Waits until it has written one of two texts to its standard output; fails if it ends before.
   *
   * @return the one that came first
   */
  String awaitFirstOut(String one, String other) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> firstOf(outSoFar(), one, other) != null || !process.isAlive());
    String first = firstOf(outSoFar(), one, other);
    if (first == null) {
      throw new AssertionError(
          "expected '%s' or '%s' but it ended: %s%s".formatted(one, other, outSoFar(), errSoFar()));
    }
    return first;
  }

  private static String firstOf(String out, String one, String other) {
    int at = out.indexOf(one);
    int otherAt = out.indexOf(other);
    if (at < 0 && otherAt < 0) {
      return null;
    }
    return otherAt < 0 || at >= 0 && at < otherAt ? one : other;
  }

  /** Waits until it has written {@code text} to its standard error; fails if it ends before. */
  void awaitErr(String text) {
    Awaitility.await().atMost(LIMIT).until(() -> errSoFar().contains(text) || !process.isAlive());
    if (!errSoFar().contains(text)) {
      throw new AssertionError("expected '%s' but it ended: %s".formatted(text, errSoFar()));
    }
  }

  /** What it has written to its standard output so far. */
  String outSoFar() {
    return text(out);
  }

  /** What it has written to its standard error so far. */
  String errSoFar() {
    return text(err);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Presses Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    signal("INT");
  }

  /** Sends it a signal, by name. */
  void signal(String name) throws IOException, InterruptedException {
    signal(name, process.pid());
  }

  /** Sends a process a signal, by name. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid))
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    List<ProcessHandle> left =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    // Until they have ended they may write into a folder that is about to be deleted.
    left.forEach(LockstepProcess::awaitKilled);
  }

  private static void awaitKilled(ProcessHandle killed) {
    killed.onExit().completeOnTimeout(killed, KILLED_SECONDS, TimeUnit.SECONDS).join();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
