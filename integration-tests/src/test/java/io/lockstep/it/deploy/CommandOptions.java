package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options that a command of {@code lockstep} has, by its own help; for the command lines in
 * {@code deploy/}.
 *
 * @param names with their dashes
 */
record CommandOptions(String command, Set<String> names) {

  private static final int LIMIT_SECONDS = 60;
  private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z-]+)");

  /** The ones of submitting to waiting nodes. */
  private static final Set<String> OF_SUBMITTING = Set.of("--join", "--key");

  private static final Map<String, CommandOptions> ASKED = new ConcurrentHashMap<>();

  static CommandOptions of(String command) {
    return ASKED.computeIfAbsent(command, CommandOptions::ask);
  }

  /** Fails unless every option among the arguments is one of this command. */
  void require(List<String> arguments) {
    assertThat(arguments.stream().filter(argument -> argument.startsWith("--")))
        .as("options of lockstep " + command)
        .allSatisfy(argument -> assertThat(names).contains(argument.replaceFirst("=.*", "")));
  }

  private static CommandOptions ask(String command) {
    Set<String> names = new TreeSet<>();
    Matcher options = OPTION.matcher(help(command));
    options.results().forEach(option -> names.add(option.group(1)));
    assertThat(names).as("options in the help of " + command).contains("--help");
    if (command.equals("train")) {
      names.addAll(OF_SUBMITTING);
    }
    return new CommandOptions(command, names);
  }

  private static String help(String command) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", classPath, "io.lockstep.cli.Main", command, "--help");
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(help).isZero();
      return help;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
