package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Processor time until a moment.
 *
 * @param busyTicks that the cores asked for worked for processes, or were given to others by a
 *     hypervisor; what interrupts took is no part of it, since no process is told of that
 * @param ownTicks that this process, those that it started and those that these started used
 * @param nanos the moment
 */
record CpuTimes(long busyTicks, long ownTicks, long nanos) {

  /** Of a second. */
  private static final double TICKS = 100;

  /** Where, after the name in a line of /proc/PID/stat, user and system time begin. */
  private static final int USER_FIELD = 11;

  /** Own time, system time, and both of the children that have ended. */
  private static final int TIME_FIELDS = 4;

  /** Until now, on {@code cores}. */
  static CpuTimes now(Cores cores) throws IOException {
    long own =
        Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())
            .mapToLong(CpuTimes::ticks)
            .sum();
    List<String> stat = Files.readAllLines(Path.of("/proc/stat"));
    return new CpuTimes(busy(stat, cores), own, System.nanoTime());
  }

  /**
   * User, nice, system and steal of lines {@code cpu1 user nice system idle iowait irq softirq
   * steal}.
   */
  static long busy(List<String> stat, Cores cores) {
    long ticks = 0;
    for (String line : stat) {
      String[] fields = line.split(" +");
      if (fields[0].matches("cpu[0-9]+")
          && cores.numbers().contains(Integer.parseInt(fields[0].substring("cpu".length())))) {
        ticks += IntStream.of(1, 2, 3, 8).mapToLong(i -> Long.parseLong(fields[i])).sum();
      }
    }
    return ticks;
  }

  private static long ticks(ProcessHandle process) {
    try {
      return ticks(Files.readString(Path.of("/proc/" + process.pid() + "/stat")));
    } catch (IOException e) {
      return 0; // It has ended; whoever waited for it has its time.
    }
  }

  /** Of a line of /proc/PID/stat, whose second field is a name in parentheses. */
  static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return IntStream.range(USER_FIELD, USER_FIELD + TIME_FIELDS)
        .mapToLong(i -> Long.parseLong(fields[i]))
        .sum();
  }

  /** Cores' worth of work that others did on those cores since {@code before}. */
  double othersSince(CpuTimes before) {
    long others = busyTicks - before.busyTicks - (ownTicks - before.ownTicks);
    return Math.max(0, others / TICKS / secondsSince(before));
  }

  /** Seconds since {@code before}. */
  double secondsSince(CpuTimes before) {
    return (nanos - before.nanos) * 1e-9;
  }
}
