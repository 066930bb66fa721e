package io.lockstep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Processes of the command, and a folder for what they leave; closing it kills those that still
 * run.
 */
final class CommandProcesses implements AutoCloseable {

  private static final long LIMIT_SECONDS = 300;

  private final Path home = Path.of(System.getProperty("lockstep.home"));
  private final Path folder = Files.createTempDirectory("lockstep-recovery-");
  private final List<Process> started = new ArrayList<>();

  CommandProcesses() throws IOException {}

  /** A file or folder of that name. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Starts {@code lockstep} with those words; what it says on stderr is kept in a file. */
  Process start(List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(home.resolve("bin/lockstep").toString()));
    words.addAll(arguments);
    Path errors = folder.resolve("errors-" + started.size() + ".log");
    Process process = new ProcessBuilder(words).redirectError(errors.toFile()).start();
    started.add(process);
    return process;
  }

  /**
   * Runs {@code lockstep} with those words to its end; it may say little on stdout.
   *
   * @throws IllegalStateException if it fails, or takes more than {@value #LIMIT_SECONDS} s
   */
  void run(List<String> arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(
          "lockstep %s: expected it to end within %d s with exit code 0; see %s"
              .formatted(String.join(" ", arguments), LIMIT_SECONDS, folder));
    }
  }

  @Override
  public void close() {
    started.stream()
        .flatMap(process -> process.descendants())
        .forEach(ProcessHandle::destroyForcibly);
    started.forEach(Process::destroyForcibly);
  }
}
