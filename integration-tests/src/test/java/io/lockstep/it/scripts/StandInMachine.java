package io.lockstep.it.scripts;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * A machine for the scripts of {@code bin/}, in a folder: their copies, to which the folders of the
 * system are folders of this one, and a {@code PATH} with nothing but the tools that they use and
 * what a test puts there. Its JDKs are stand-ins that print how they are called, a line for each
 * word.
 */
final class StandInMachine {

  /** How a script ended. */
  record Ended(int exitCode, List<String> out, List<String> err) {}

  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final long LIMIT_SECONDS = 120;
  private static final long KILLED_SECONDS = 10;

  private static final List<String> TOOLS =
      List.of(
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "touch",
          "uname");

  private final Path root;
  private final Path path;
  private final Map<String, String> environment = new LinkedHashMap<>();

  StandInMachine(Path folder) throws IOException {
    this.root = folder.toRealPath();
    this.path = Files.createDirectories(root.resolve("path"));
    for (String tool : TOOLS) {
      command(tool, calling(ofThisMachine(tool)));
    }
    environment.put("PATH", path.toString());
    environment.put("HOME", Files.createDirectories(root.resolve("home")).toString());
  }

  private static Path ofThisMachine(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the scripts need " + tool + " on PATH"));
  }

  /** A script and no link: JUnit warns of links that lead out of its folder. */
  private static String calling(Path executable) {
    return "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(executable);
  }

  /** What stands at {@code place}, which is given as if this folder were the system's root. */
  Path at(String place) {
    return root.resolve(place);
  }

  /** Copies the scripts to {@code place/bin}. */
  Path scripts(String place) throws IOException {
    Path bin = Files.createDirectories(at(place).resolve("bin"));
    try (Stream<Path> scripts = Files.list(REPOSITORY.resolve("bin"))) {
      for (Path script : scripts.toList()) {
        String system = Matcher.quoteReplacement("  " + root + "/");
        String text = Files.readString(script).replaceAll("(?m)^  /", system);
        executable(bin.resolve(script.getFileName()), text);
      }
    }
    return bin;
  }

  /**
   * What {@code bin/lockstep} of an unpacked distribution is, with a JDK: the command of this
   * build.
   */
  Path distribution() throws IOException {
    copyJars(at("opt/lockstep/lib"));
    realJdk("usr/lib/jvm/java-25");
    return scripts("opt/lockstep").resolve("lockstep");
  }

  private static void copyJars(Path lib) throws IOException {
    Files.createDirectories(lib);
    try (Stream<Path> jars = Files.list(Path.of("../modules/cli/target/lockstep/lib"))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
  }

  /** A JDK at {@code place}, with a file {@code release} as JDKs have it. */
  Path jdk(String place, String version) throws IOException {
    Path home = runtime(place, version);
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  /** A JDK without a compiler. */
  Path runtime(String place, String version) throws IOException {
    Path home = Files.createDirectories(at(place));
    String release =
        """
        JAVA_RUNTIME_VERSION="%s"
        JAVA_VERSION="%s"
        """;
    String full = version.contains("+") ? version : version + "+8";
    Files.writeString(home.resolve("release"), release.formatted(full, version));
    executable(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
    return home;
  }

  /** A JDK that is this test's own. */
  void realJdk(String place) throws IOException {
    Path home = jdk(place, Runtime.version().toString());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    executable(home.resolve("bin/java"), calling(java));
  }

  /** Makes a JDK the one that {@code java} on the PATH is of, and that JAVA_HOME names. */
  void makeDefault(Path jdk) throws IOException {
    Files.createSymbolicLink(path.resolve("java"), jdk.resolve("bin/java"));
    set("JAVA_HOME", jdk.toString());
  }

  /** Puts a command on the PATH. */
  void command(String name, String script) throws IOException {
    executable(path.resolve(name), script);
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new AssertionError(file + " cannot be made executable");
    }
  }

  /** Runs a command to its end, in the folder {@code home}. */
  Ended run(Path command, String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(root, "out", ".txt");
    Path err = Files.createTempFile(root, "err", ".txt");
    Process process = start(out, err, command, arguments);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      kill(process);
      throw new AssertionError(
          "no end within %d s: %s".formatted(LIMIT_SECONDS, Files.readString(err)));
    }
    return new Ended(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }

  /** Starts a command in the folder {@code home}; what it prints goes to files. */
  Process start(Path out, Path err, Path command, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .directory(at("home").toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  /** Ends a process and all that it has started; afterwards it writes no file any more. */
  static void kill(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    if (!process.destroyForcibly().waitFor(KILLED_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "process %d was killed, and has not ended within %d s"
              .formatted(process.pid(), KILLED_SECONDS));
    }
  }
}
