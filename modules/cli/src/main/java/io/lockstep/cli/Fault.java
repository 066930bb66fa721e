package io.lockstep.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A failure that is made on purpose, to see a run get over it.
 *
 * @param step steps that are done before
 * @param kind what happens
 * @param node to which node; {@link #ANY} for any worker
 * @param pause how long it lasts; zero for a kill
 */
record Fault(long step, Kind kind, String node, Duration pause) implements Interruption {

  static final String ANY = "any";

  private static final String EXPECTED =
      "expected STEP:kill:NODE, STEP:pause:NODE:SECONDS or random:SEED:COUNT, such as 100:kill:worker-1, but found '%s'";

  /** What happens to a node. */
  enum Kind {
    /** Its process is killed, as by {@code kill -9}. */
    KILL,
    /** Its process stands still for a time, as by SIGSTOP and SIGCONT. */
    PAUSE
  }

  /**
   * What one option asks for.
   *
   * @param interruptions in the order of their steps
   */
  record Chaos(List<Interruption> interruptions) {

    private static final int FIRST_STEP = 20;
    private static final int LEAST_BETWEEN = 10;
    private static final int MOST_BETWEEN = 40;

    /** Kills of any worker, each followed by a worker that joins. */
    static Chaos random(long seed, int count) {
      Random random = new Random(seed);
      List<Interruption> all = new ArrayList<>();
      long step = FIRST_STEP;
      for (int i = 0; i < count; i++) {
        all.add(new Fault(step, Kind.KILL, ANY, Duration.ZERO));
        step += random.nextInt(LEAST_BETWEEN, MOST_BETWEEN);
        all.add(new MembershipChange(step, true));
        step += random.nextInt(LEAST_BETWEEN, MOST_BETWEEN);
      }
      return new Chaos(all);
    }
  }

  /** Reads what an option asks for. */
  static final class Converter implements ITypeConverter<Chaos> {

    private static final Pattern KILL = Pattern.compile("([1-9]\\d{0,17}):kill:([^:]+)");
    private static final Pattern PAUSE =
        Pattern.compile("([1-9]\\d{0,17}):pause:([^:]+):([1-9]\\d{0,3})");
    private static final Pattern RANDOM = Pattern.compile("random:(\\d{1,18}):([1-9]\\d{0,2})");

    @Override
    public Chaos convert(String text) {
      Matcher kill = KILL.matcher(text);
      if (kill.matches()) {
        return of(kill, Kind.KILL, Duration.ZERO);
      }
      Matcher pause = PAUSE.matcher(text);
      if (pause.matches()) {
        return of(pause, Kind.PAUSE, Duration.ofSeconds(Integer.parseInt(pause.group(3))));
      }
      Matcher random = RANDOM.matcher(text);
      if (random.matches()) {
        return Chaos.random(Long.parseLong(random.group(1)), Integer.parseInt(random.group(2)));
      }
      throw new TypeConversionException(EXPECTED.formatted(text));
    }

    private static Chaos of(Matcher form, Kind kind, Duration pause) {
      return new Chaos(
          List.of(new Fault(Long.parseLong(form.group(1)), kind, form.group(2), pause)));
    }
  }
}
