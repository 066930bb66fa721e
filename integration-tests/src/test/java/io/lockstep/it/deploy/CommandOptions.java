package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of a command of {@code lockstep} that the files of {@code deploy/} may use.
 *
 * @param names with their dashes
 */
record CommandOptions(String command, Set<String> names) {

  private static final Map<String, Set<String>> ALL =
      Map.of(
          "node",
          Set.of(
              "--role",
              "--slots",
              "--join",
              "--bind",
              "--port",
              "--data-port",
              "--advertise",
              "--advertise-port",
              "--advertise-data-port",
              "--key",
              "--name",
              "--data",
              "--transport",
              "--encrypt"),
          "train",
          Set.of(
              "--workers", "--servers", "--set", "--out", "--quiet", "--json", "--join", "--key"),
          "launch",
          Set.of("--workers", "--servers", "--workers-per-node", "--hosts", "--set", "--out"),
          "data",
          Set.of("--rows"),
          "key",
          Set.of());

  static CommandOptions of(String command) {
    assertThat(ALL).containsKey(command);
    return new CommandOptions(command, ALL.get(command));
  }

  /** Fails unless every option among the arguments is one of this command. */
  void require(List<String> arguments) {
    assertThat(arguments.stream().filter(argument -> argument.startsWith("--")))
        .as("options of lockstep " + command)
        .allSatisfy(argument -> assertThat(names).contains(argument.replaceFirst("=.*", "")));
  }
}
