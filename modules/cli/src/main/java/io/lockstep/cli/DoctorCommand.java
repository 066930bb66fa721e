package io.lockstep.cli;

import io.lockstep.cli.Finding.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lockstep doctor}. */
@Command(
    name = "doctor",
    description = "Says what this machine offers for training, and what could be better.",
    footer = {
      "",
      "Exit code 1 if something must be mended before lockstep can train.",
      "",
      "Example:",
      "  lockstep doctor"
    })
final class DoctorCommand implements Callable<Integer> {

  private final Terminal terminal;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new Examination(Path.of("runs")).findings();
    findings.stream().flatMap(finding -> finding.lines().stream()).forEach(terminal.out()::println);
    boolean broken = findings.stream().anyMatch(finding -> finding.level() == Level.FAIL);
    return broken ? ExitCode.FAILURE : ExitCode.OK;
  }
}
