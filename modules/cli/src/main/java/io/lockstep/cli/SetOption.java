package io.lockstep.cli;

import io.lockstep.config.Overrides;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Keys that have other values than the configuration says. */
final class SetOption {

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration; may be repeated.")
  private List<String> settings = new ArrayList<>();

  /** Each {@code key=value}, as it was typed. */
  List<String> settings() {
    return settings;
  }

  /** What they say. */
  Overrides overrides() {
    return Overrides.of(settings);
  }
}
