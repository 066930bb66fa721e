package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that is asked by lines on its standard input and answers each by a line on its standard
 * output; in between it waits and takes no core. Its first line says that it is ready. Used by one
 * thread; whoever starts it closes it.
 */
final class Contestant implements AutoCloseable {

  private static final long LIMIT_SECONDS = 180;
  private static final long LEAVE_SECONDS = 2;

  /** Answers that make it warm, the most of them, and by how much one must exceed the best. */
  private static final int STEADY = 3;

  private static final int MOST_WARM = 20;
  private static final double RISING = 1.02;

  private static final String END = "the end of its output";

  private final String name;
  private final Process process;
  private final Path errors;
  private final PrintStream requests;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final String greeting;

  private Contestant(String name, Process process, Path errors) throws InterruptedException {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::read);
    this.greeting = answerTo("its start");
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param name for errors
   * @param environment beside that of this process
   * @throws IllegalStateException if it ends, or does not answer
   */
  static Contestant start(String name, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path errors = Files.createTempFile("lockstep-contestant-", ".log");
    Process process = builder.redirectError(errors.toFile()).start();
    try {
      return new Contestant(name, process, errors);
    } catch (IllegalStateException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void read() {
    process.inputReader(StandardCharsets.UTF_8).lines().forEach(answers::add);
    answers.add(END);
  }

  /** What it said when it was ready. */
  String greeting() {
    return greeting;
  }

  /** Its process. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Asks, and waits for the answer. */
  double ask(String request) throws InterruptedException {
    tell(request);
    return answer(request);
  }

  /**
   * Asks for a rate again and again, until in three answers it has not risen any more: the JIT
   * compiler is done then.
   */
  void warm(String request) throws InterruptedException {
    double best = 0;
    int steady = 0;
    for (int i = 0; i < MOST_WARM && steady < STEADY; i++) {
      double rate = ask(request);
      steady = rate > RISING * best ? 0 : steady + 1;
      best = Math.max(best, rate);
    }
  }

  /** Asks without waiting: others can be asked meanwhile. */
  void tell(String request) {
    requests.println(request);
  }

  /**
   * The answer to what was asked.
   *
   * @throws IllegalStateException if it is no number, or none comes
   */
  double answer(String request) throws InterruptedException {
    String answer = answerTo(request);
    try {
      return Double.parseDouble(answer);
    } catch (NumberFormatException e) {
      throw failure(request, answer);
    }
  }

  private String answerTo(String request) throws InterruptedException {
    String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (answer == null || answer == END) {
      throw failure(request, answer == null ? "nothing within " + LIMIT_SECONDS + " s" : END);
    }
    return answer;
  }

  private IllegalStateException failure(String request, String found) {
    return new IllegalStateException(
        "%s: expected an answer to %s but found %s; it says in %s"
            .formatted(name, request, found, errors));
  }

  /** Ends it: its input ends, and it has a moment to go by itself. */
  @Override
  public void close() throws IOException {
    requests.close();
    try {
      if (!process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      if (process.exitValue() == 0) {
        Files.deleteIfExists(errors);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
