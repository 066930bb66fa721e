package io.lockstep.benchmarks.peers;

import io.lockstep.kernels.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What it is that all is measured on. */
final class MachinePart implements Part {

  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    Peers peers = setting.peers();
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    setting
        .out()
        .table(
            new Markdown.Table("machine", "")
                .row("CPU", field("/proc/cpuinfo", "model name") + ", " + family())
                .row("cores", setting.cores().count() + " of " + cores())
                .row("caches of a core", caches())
                .row("memory", memory())
                .row("kernel", System.getProperty("os.name") + " " + kernel())
                .row("JDK", System.getProperty("java.vm.name") + " " + Runtime.version())
                .row("flags", "`" + String.join(" ", flags()) + "`")
                .row("kernels", Kernels.select(Kernels.Choice.AUTO).choice().toString())
                .row("peers", peers(peers))
                .row("when", LocalDate.now(ZoneOffset.UTC) + ", commit " + commit())
                .row("load before", load));
  }

  private static String family() throws IOException {
    return "family %s, model %s"
        .formatted(field("/proc/cpuinfo", "cpu family"), field("/proc/cpuinfo", "model"));
  }

  private static int cores() {
    return (int) lines("/proc/cpuinfo").filter(line -> line.startsWith("processor")).count();
  }

  private static String memory() {
    long kilobytes = Long.parseLong(field("/proc/meminfo", "MemTotal").split(" ")[0]);
    return String.format(Locale.ROOT, "%.0f GB", kilobytes * 1024e-9);
  }

  /** The first field of that name in lines {@code name : value}. */
  private static String field(String file, String name) {
    return lines(file)
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
        .map(parts -> parts[1].strip())
        .findFirst()
        .orElse("unknown");
  }

  private static Stream<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static String caches() throws IOException {
    List<String> caches = new ArrayList<>();
    for (int index = 0; Files.exists(CACHES.resolve("index" + index)); index++) {
      Path cache = CACHES.resolve("index" + index);
      String type = Files.readString(cache.resolve("type")).strip();
      if (!type.equals("Instruction")) {
        String level = Files.readString(cache.resolve("level")).strip();
        caches.add("L" + level + " " + Files.readString(cache.resolve("size")).strip() + "B");
      }
    }
    return caches.isEmpty() ? "unknown" : String.join(", ", caches);
  }

  private static String kernel() {
    return System.getProperty("os.version");
  }

  private static List<String> flags() {
    return OwnJvm.options().stream().filter(option -> !option.startsWith("-Dlockstep")).toList();
  }

  private static String peers(Peers peers) {
    List<String> found = new ArrayList<>();
    peers.oneDnn().ifPresent(library -> found.add("oneDNN (" + library.getFileName() + ")"));
    if (peers.hasTorch()) {
      found.add(peers.torch() + " with OPENBLAS_CORETYPE=SKYLAKEX");
    }
    return found.isEmpty() ? "none" : String.join(", ", found);
  }

  private static String commit() throws InterruptedException {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
              .directory(Path.of(System.getProperty("lockstep.home")).toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String name = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? name : "unknown";
    } catch (IOException noGit) {
      return "unknown";
    }
  }
}
