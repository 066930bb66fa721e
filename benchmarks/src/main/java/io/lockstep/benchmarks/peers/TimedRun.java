package io.lockstep.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A process that trains, timed from its start by the lines that it prints.
 *
 * @param seconds from its start to each line that told something, without what it says was no
 *     training
 * @param megabytes the most memory that it had at once, as the system counts it
 * @param last its last line
 */
record TimedRun(List<Double> seconds, double megabytes, String last) {

  private static final String PEAK = "VmHWM:";
  private static final long LIMIT_SECONDS = 180;

  /** In place of seconds: a line that tells nothing. */
  static final double SILENT = Double.NaN;

  /**
   * Runs a process to its end.
   *
   * @param told what a line says of seconds since the start that were no training; {@link #SILENT}
   *     if it is not one that is timed
   * @throws IllegalStateException if it fails
   */
  static TimedRun of(ProcessBuilder command, ToDoubleFunction<String> told)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Process process = command.start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      TimedRun run = read(lines, process.pid(), begin, told);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s: expected exit code 0; its last line: %s".formatted(command.command(), run.last));
      }
      return run;
    } finally {
      process.destroyForcibly();
    }
  }

  private static TimedRun read(
      BufferedReader lines, long pid, long begin, ToDoubleFunction<String> told)
      throws IOException {
    List<Double> seconds = new ArrayList<>();
    double megabytes = 0;
    String last = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      double passed = (System.nanoTime() - begin) * 1e-9;
      double elsewhere = told.applyAsDouble(line);
      if (!Double.isNaN(elsewhere)) {
        seconds.add(passed - elsewhere);
      }
      megabytes = Math.max(megabytes, peakMegabytes(pid));
      last = line;
    }
    return new TimedRun(seconds, megabytes, last);
  }

  private static double peakMegabytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]) * 1024e-6)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // It has ended, and its last lines wait to be read.
    }
  }
}
