package io.lockstep.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import jdk.management.jfr.FlightRecorderMXBean;

/**
 * What the cores did while the processes of a launched run trained: computing, copying (all that
 * the data plane does: encoding, checksums, the kernel's sockets, decoding), summing partials,
 * updating weights, other things (JIT compiler, actors, launcher), and waiting; and how long
 * workers waited.
 *
 * <p>Measured by the JDK's Flight Recorder from outside, for a stretch in the middle of a run.
 * {@code jdk.CPUTimeSample} takes a thread's stack after every {@value #PERIOD_MS} ms that it used
 * a core, kernel included. Counters of elapsed time in the product would be no cheaper and less
 * true: with more threads than cores, a stretch of elapsed time holds what others did meanwhile;
 * and a thread's own clock would be a system call before and after each of thousands of buckets a
 * second. What the processes used beside the samples, as the operating system counts it, is {@link
 * #other}; what nobody used is {@link #waiting}, and so is what a worker looks for new weights
 * before it parks. What processes of others took meanwhile is told, too: more than a few percent,
 * and the machine was not quiet enough to measure.
 *
 * @param cores number of them
 * @param seconds that were recorded
 * @param samples seconds of a core by activity
 * @param used seconds of a core that the processes of the run used
 * @param busy seconds of a core that all processes of the machine used
 * @param awaited seconds that a worker looked or was parked until weights came, mean of all
 */
record CoreTimes(
    int cores,
    double seconds,
    Map<Activity, Double> samples,
    double used,
    double busy,
    double awaited) {

  /** What a thread does, by the innermost of its frames that tells. */
  enum Activity {
    COMPUTING("io.lockstep.nn.", "io.lockstep.training.Replica", "io.lockstep.training.RowLoader"),
    COPYING("io.lockstep.wire.", "io.netty."),
    SUMMING("io.lockstep.training.GradientTree"),
    UPDATING("io.lockstep.training.Shard.", "io.lockstep.optim."),
    LOOKING("io.lockstep.training.BucketVersions.await");

    private final List<String> methods;

    Activity(String... methods) {
      this.methods = List.of(methods);
    }

    private static Activity of(RecordedFrame frame) {
      String method = frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
      return Stream.of(values())
          .filter(activity -> activity.methods.stream().anyMatch(method::startsWith))
          .findFirst()
          .orElse(null);
    }
  }

  private static final int PERIOD_MS = 5;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "jdk.CPUTimeSample#enabled", "true",
          "jdk.CPUTimeSample#throttle", PERIOD_MS + "ms",
          "jdk.CPUTimeSamplesLost#enabled", "true",
          "jdk.ThreadPark#enabled", "true",
          "jdk.ThreadPark#threshold", "0 ms",
          "jdk.ThreadPark#stackTrace", "false");

  private static final String WAITED_FOR = "io.lockstep.training.BucketVersions";
  private static final long SETTLE_MILLIS = 1_000;

  /** Of a second, in /proc/stat. */
  private static final double TICKS = 100;

  /** Records all JVMs that {@code launcher} started, and itself. */
  static CoreTimes record(ProcessHandle launcher, int workers, int seconds)
      throws IOException, InterruptedException {
    List<Recorded> processes = new ArrayList<>();
    try {
      for (ProcessHandle process : tree(launcher)) {
        processes.add(new Recorded(process.pid()));
      }
      Thread.sleep(SETTLE_MILLIS); // So that starting the recordings is no part of them.
      Instant from = Instant.now();
      double usedBefore = used(processes);
      double busyBefore = machineBusy();
      TimeUnit.SECONDS.sleep(seconds);
      double used = used(processes) - usedBefore;
      double busy = machineBusy() - busyBefore;
      Instant to = Instant.now();
      Window window = new Window(from, to);
      for (Recorded process : processes) {
        process.read(window);
      }
      return window.times(used, busy, workers);
    } finally {
      for (Recorded process : processes) {
        process.close();
      }
    }
  }

  private static List<ProcessHandle> tree(ProcessHandle launcher) {
    return Stream.concat(Stream.of(launcher), launcher.descendants())
        .filter(process -> process.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  private static double used(List<Recorded> processes) {
    return processes.stream().mapToLong(p -> p.system.getProcessCpuTime()).sum() * 1e-9;
  }

  /** Of the line {@code cpu user nice system idle iowait irq softirq steal}, all but idling. */
  private static double machineBusy() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] ticks = lines.findFirst().orElseThrow().split(" +");
      return IntStream.of(1, 2, 3, 6, 7, 8).mapToLong(i -> Long.parseLong(ticks[i])).sum() / TICKS;
    }
  }

  /** Share of all cores' time. */
  double share(Activity activity) {
    return samples.getOrDefault(activity, 0.0) / (cores * seconds);
  }

  /** Share of all cores' time that the processes used for anything else. */
  double other() {
    return used / (cores * seconds) - Stream.of(Activity.values()).mapToDouble(this::share).sum();
  }

  /** Share of all cores' time that nobody used, or only to look whether weights have come. */
  double waiting() {
    return 1 - busy / (cores * seconds) + share(Activity.LOOKING);
  }

  /** Share of all cores' time that processes of others used. */
  double foreign() {
    return (busy - used) / (cores * seconds);
  }

  /** Share of a step in which a worker has nothing to compute until weights come. */
  double exposed() {
    return awaited / seconds;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "computing %.0f %%, copying %.0f %%, summing %.0f %%, updating %.0f %%, other %.0f %%,"
            + " waiting %.0f %% (processes of others %.0f %%); of a step %.0f %% not hidden behind"
            + " computing",
        100 * share(Activity.COMPUTING),
        100 * share(Activity.COPYING),
        100 * share(Activity.SUMMING),
        100 * share(Activity.UPDATING),
        100 * other(),
        100 * waiting(),
        100 * foreign(),
        100 * exposed());
  }

  /** Adds up what happened between two moments. */
  private static final class Window {

    private final Instant from;
    private final Instant to;
    private final Map<Activity, Double> samples = new EnumMap<>(Activity.class);
    private double parked;

    Window(Instant from, Instant to) {
      this.from = from;
      this.to = to;
    }

    void add(RecordedEvent event) {
      switch (event.getEventType().getName()) {
        case "jdk.CPUTimeSample" -> addSample(event);
        case "jdk.ThreadPark" -> addPark(event);
        default -> {}
      }
    }

    private void addSample(RecordedEvent event) {
      if (event.getStackTrace() == null || !holds(event.getStartTime())) {
        return;
      }
      for (RecordedFrame frame : event.getStackTrace().getFrames()) {
        Activity activity = Activity.of(frame);
        if (activity != null) {
          samples.merge(activity, seconds(event.getDuration("samplingPeriod")), Double::sum);
          return;
        }
      }
    }

    private boolean holds(Instant moment) {
      return !moment.isBefore(from) && moment.isBefore(to);
    }

    private void addPark(RecordedEvent event) {
      RecordedClass waitedFor = event.getClass("parkedClass");
      if (waitedFor != null && waitedFor.getName().equals(WAITED_FOR)) {
        Instant start = event.getStartTime().isBefore(from) ? from : event.getStartTime();
        Instant end = event.getEndTime().isAfter(to) ? to : event.getEndTime();
        parked += Math.max(0, seconds(Duration.between(start, end)));
      }
    }

    CoreTimes times(double used, double busy, int workers) {
      return new CoreTimes(
          Runtime.getRuntime().availableProcessors(),
          seconds(Duration.between(from, to)),
          samples,
          used,
          busy,
          (parked + samples.getOrDefault(Activity.LOOKING, 0.0)) / workers);
    }

    private static double seconds(Duration duration) {
      return duration.toNanos() * 1e-9;
    }
  }

  /** A JVM that is being recorded. */
  private static final class Recorded implements AutoCloseable {

    private final JMXConnector connector;
    private final FlightRecorderMXBean recorder;
    private final OperatingSystemMXBean system;
    private final long recording;

    Recorded(long pid) throws IOException {
      connector = connect(pid);
      MBeanServerConnection server = connector.getMBeanServerConnection();
      recorder = ManagementFactory.getPlatformMXBean(server, FlightRecorderMXBean.class);
      system = ManagementFactory.getPlatformMXBean(server, OperatingSystemMXBean.class);
      recording = recorder.newRecording();
      recorder.setRecordingSettings(recording, SETTINGS);
      recorder.startRecording(recording);
    }

    @SuppressWarnings("BanJNDI") // The address comes from the process just attached to, our own.
    private static JMXConnector connect(long pid) throws IOException {
      try {
        VirtualMachine machine = VirtualMachine.attach("" + pid);
        try {
          return JMXConnectorFactory.connect(
              new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
          machine.detach();
        }
      } catch (AttachNotSupportedException e) {
        throw new IOException("process " + pid + ": cannot be attached to: " + e.getMessage(), e);
      }
    }

    void read(Window window) throws IOException {
      recorder.stopRecording(recording);
      Path file = Files.createTempFile("lockstep-", ".jfr");
      try {
        recorder.copyTo(recording, file.toString());
        try (RecordingFile events = new RecordingFile(file)) {
          while (events.hasMoreEvents()) {
            window.add(events.readEvent());
          }
        }
      } finally {
        Files.delete(file);
      }
    }

    @Override
    public void close() throws IOException {
      connector.close();
    }
  }
}
