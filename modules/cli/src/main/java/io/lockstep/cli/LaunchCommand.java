package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.RunInfo;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.cluster.Role;
import io.lockstep.cluster.launch.HostCheck;
import io.lockstep.cluster.launch.HostFinding;
import io.lockstep.cluster.launch.HostsFile;
import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.cluster.launch.LaunchPlan;
import io.lockstep.cluster.launch.NodeCommands;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep launch}. */
@Command(
    name = "launch",
    description = "Trains with processes that it starts itself, on this machine or over ssh.",
    footer = {
      "",
      "A hosts file has a host on each line, as ssh knows it:",
      "  HOST [user=U] [port=22] [slots=T] [roles=worker,parameter-server]",
      "       [dir=LOCKSTEP] [data=DIR] [java-opts=\"-Xmx8g\"] [address=IP]",
      "The host local is this machine. LOCKSTEP_SSH names another ssh, with options.",
      "",
      "Examples:",
      "  lockstep launch conf/mnist.conf --workers 2",
      "  lockstep launch conf/mnist.conf --workers 8 --servers 2 --hosts hosts.conf",
      "  lockstep launch conf/mnist.conf --workers 2 --detach --out runs/long",
      "  lockstep attach runs/long",
      "  lockstep launch --resume runs/long --workers 3",
      "",
      "Ctrl-C ends the run cleanly and all processes with it; they end, too, if the launcher is killed. The log of each is in the run's folder."
    })
final class LaunchCommand implements Callable<Integer> {

  private static final Duration CHECK_PATIENCE = Duration.ofSeconds(60);

  private final Terminal terminal;
  private final Program program;

  @Spec private CommandSpec spec;

  @Mixin private TrainOptions train = new TrainOptions();

  @Mixin private NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Number of worker processes (default: one for each host with that role; here as many as train has workers).")
  private Integer workers;

  @Option(
      names = "--servers",
      paramLabel = "M",
      description = "Number of parameter-server processes (default: cluster.servers, 1).")
  private Integer servers;

  @Option(
      names = "--workers-per-node",
      paramLabel = "T",
      description = "Workers in each worker process (default: 1, or the host's slots).")
  private int workersPerNode = 1;

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      description = "Hosts to start the processes on (default: this machine).")
  private Path hosts;

  @Option(
      names = "--change",
      paramLabel = "STEP:+1|STEP:-1",
      converter = MembershipChange.Converter.class,
      description =
          "After so many steps, one worker process more or less: the run stands still there until the change has taken effect. May be repeated.")
  private List<MembershipChange> changes = new ArrayList<>();

  @Option(
      names = "--chaos",
      paramLabel = "FAULT",
      converter = Chaos.Converter.class,
      description = {
        "Make the run fail on purpose, to see it get over that. " + Chaos.FORMS,
        "Here NODE may be server-0, … as well, and there is STEP:cut:NODE[:SECONDS]: it is cut off from the network."
      })
  private List<Chaos> chaos = new ArrayList<>();

  /** What is still to happen to the run. */
  private final List<Interruption> interruptions = new ArrayList<>();

  @Option(names = "--restarts", paramLabel = "N", description = Restarts.DESCRIPTION)
  private int restarts = 3;

  @Option(names = "--detach", description = "Go on in the background: see attach, status and stop.")
  private boolean detach;

  /** Set in the process that {@code --detach} starts. */
  @Option(names = "--detached-into", hidden = true, paramLabel = "DIR", description = "Its folder.")
  private Path detachedInto;

  LaunchCommand(Terminal terminal, Program program) {
    this.terminal = terminal;
    this.program = program;
  }

  @Override
  public Integer call() {
    requireSense();
    LaunchPlan plan = plan();
    interruptions.addAll(changes);
    chaos.forEach(faults -> interruptions.addAll(faults.interruptions()));
    Interruptions.check(interruptions, plan.names(Role.WORKER), plan.names(Role.PARAMETER_SERVER));
    Configuration configuration =
        train.configuration(
            Overrides.NONE,
            Overrides.NONE
                .with("cluster.workers", plan.workers(), "--workers")
                .with("cluster.servers", plan.servers(), "--servers"));
    if (detachedInto != null) {
      return launch(configuration, plan, detachedInto);
    }
    Path folder = train.folder(configuration);
    if (detach) {
      if (train.namesSteps()) {
        var _ = train.training(configuration, terminal); // Refused before anything is made.
      }
      claim(folder);
      return new DetachedLaunch(terminal, JavaCommand.ofProcess(program.mainClass()), folder)
          .start(spec.root().commandLine().getParseResult().originalArgs());
    }
    return launch(configuration, plan, folder);
  }

  private void claim(Path folder) {
    if (train.resumes()) {
      LaunchFolder.reclaim(folder);
    } else {
      LaunchFolder.claim(folder);
    }
  }

  private void requireSense() {
    requirePositive("--workers", workers);
    requirePositive("--servers", servers);
    requirePositive("--workers-per-node", workersPerNode);
    network.requireNumbers();
  }

  private static void requirePositive(String option, Integer number) {
    if (number != null && number < 1) {
      throw new BadInputException("%s: expected 1 or more but found %d".formatted(option, number));
    }
  }

  private LaunchPlan plan() {
    Configuration usual = train.configuration(Overrides.NONE, Overrides.NONE);
    int shards = servers != null ? servers : usual.cluster().servers();
    if (hosts != null) {
      OptionalInt processes = workers == null ? OptionalInt.empty() : OptionalInt.of(workers);
      LaunchPlan.Wish wish = new LaunchPlan.Wish(processes, shards, workersPerNode);
      return LaunchPlan.over(HostsFile.read(hosts), wish);
    }
    int enough = Math.max(1, usual.cluster().workers() / workersPerNode);
    OptionalInt processes = OptionalInt.of(workers != null ? workers : enough);
    return LaunchPlan.local(new LaunchPlan.Wish(processes, shards, workersPerNode));
  }

  private int launch(Configuration configuration, LaunchPlan plan, Path path) {
    say("reading the data, then starting " + Figures.count(plan.nodes().size(), "node"));
    Training training = train.training(configuration, terminal);
    check(configuration, training, plan);
    if (detachedInto == null) {
      claim(path);
    }
    LaunchFolder folder = LaunchFolder.ofProcess(path);
    try (LaunchedRun run = new LaunchedRun(terminal, program.cluster(), training, folder)) {
      ProgressView view = train.output().view(terminal);
      int exitCode = train(run, training, configuration, plan, folder, view);
      run.endsWith(exitCode);
      return exitCode;
    }
  }

  /** Starts again with new processes where a part is lost. */
  private int train(
      LaunchedRun run,
      Training first,
      Configuration configuration,
      LaunchPlan plan,
      LaunchFolder folder,
      ProgressView view) {
    return new Restarts(restarts, run::stopping)
        .train(
            run.folder(),
            first,
            training -> {
              run.start(commands().of(plan), plan, train.output().talkative());
              training.addListener(folder).addListener(view);
              training.addListener(new FirstStep());
              training.addListener( // After what is shown: it may wait for a node to start.
                  new Interruptions(
                      comingAfter(training),
                      told(),
                      training,
                      new InterruptedNodes.OfLaunch(run, plan, commands())));
              return train(run, training, plan, view);
            },
            broken -> {
              Training next =
                  train.newRun(configuration, terminal).restart(run.folder(), broken.getMessage());
              terminal.line().clear();
              terminal
                  .err()
                  .println(
                      "lockstep: %s; starting again from step %,d, with new processes"
                          .formatted(broken.getMessage(), next.stepsBefore()));
              run.startOver(next);
              return next;
            });
  }

  private void say(String message) {
    if (train.output().talkative()) {
      terminal.out().println(message);
    }
  }

  /** Says what is going on before there are figures. */
  private final class FirstStep implements TrainingListener {

    @Override
    public void onStart(RunInfo run) {
      say("waiting for the first step: nodes read the data and compile kernels");
    }
  }

  /** A fault happens once; who joined or left does so again where the run starts again before. */
  private void happened(Interruption one) {
    if (!(one instanceof MembershipChange)) {
      interruptions.remove(one);
    }
  }

  private Interruptions.Told told() {
    return new Interruptions.Told() {
      @Override
      public void happened(Interruption one) {
        LaunchCommand.this.happened(one);
      }

      @Override
      public void missed(String warning) {
        terminal.warn(warning);
      }
    };
  }

  private List<Interruption> comingAfter(Training training) {
    long done = training.startsAgain() ? training.stepsBefore() : 0;
    return interruptions.stream().filter(one -> one.step() > done).toList();
  }

  private int train(LaunchedRun run, Training training, LaunchPlan plan, ProgressView view) {
    try {
      RunSummary summary = run.train(network.nodes(plan));
      view.showEnd(summary, run.folder().toString());
      boolean stopped = summary.status() == RunSummary.Status.STOPPED && !training.timeIsOver();
      return stopped ? ExitCode.INTERRUPTED : ExitCode.OK;
    } catch (DivergedException diverged) {
      view.showEnd(RunFolder.open(run.folder()).readSummary(), run.folder().toString());
      run.endsWith(ExitCode.DIVERGED);
      throw diverged;
    }
  }

  private NodeCommands commands() {
    JavaCommand java = JavaCommand.ofProcess(program.mainClass());
    return new NodeCommands(java, network.ssh(), network.ofNodes(hosts == null, !chaos.isEmpty()));
  }

  private void check(Configuration configuration, Training training, LaunchPlan plan) {
    BuildInfo build = BuildInfo.ofProgram();
    HostCheck.Expected expected =
        new HostCheck.Expected(
            build.version(), build.commit(), configuration.data().name(), training.dataSha256());
    HostCheck check =
        new HostCheck(
            network.ssh(),
            expected,
            network.checkArguments(configuration),
            network.port(),
            CHECK_PATIENCE);
    List<HostFinding> findings = check.of(plan.hosts());
    if (findings.stream().anyMatch(HostFinding::fatal)) {
      throw new BadInputException(HostTable.refusal(plan.hosts(), findings));
    }
    HostTable.lines(findings).forEach(terminal.err()::println);
  }
}
