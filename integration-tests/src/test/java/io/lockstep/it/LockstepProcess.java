package io.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The command {@code lockstep} as a process of its own, with this test's JDK and class path. */
final class LockstepProcess {

  private static final long LIMIT_SECONDS = 180;

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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.lockstep.cli.Main"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new LockstepProcess(process, out, err);
  }

  /** Runs it with the incubator module, as {@code bin/lockstep} does, to its end. */
  static Ended run(Path folder, String... arguments) throws Exception {
    return start(folder, List.of("--add-modules=jdk.incubator.vector"), arguments).await();
  }

  /**
   * Waits for its end; a process that does not end is killed and fails the test with its output.
   */
  Ended await() throws InterruptedException, TimeoutException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new TimeoutException("no end after " + LIMIT_SECONDS + " s: " + text(out) + text(err));
    }
    return new Ended(process.exitValue(), text(out), text(err));
  }

  /** What it has written to its standard output so far. */
  String outSoFar() {
    return text(out);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Presses Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
