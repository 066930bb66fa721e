package io.lockstep.cli;

import io.lockstep.cluster.NodeFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What one {@code --chaos} asks for.
 *
 * @param interruptions in the order of their steps
 */
record Chaos(List<Interruption> interruptions) {

  /** Of the option, as both commands have it. */
  static final String FORMS =
      "STEP:kill:NODE; STEP:pause:NODE:SECONDS (it stands still); STEP:slow:NODE:TIMES[:SECONDS] (it computes more slowly); STEP:drop:NODE (a data connection breaks); STEP:delay:NODE:MILLISECONDS:SECONDS (its data arrives later); STEP:hold:SECONDS or STEP:hold:joined|left|lost:SECONDS (the run stands still, until that or at most as long). NODE is worker-1, …, or any for a worker. random:SEED:COUNT kills so many workers, one after the other, with a new one after each; random:SEED:COUNT:KIND,KIND,… makes failures of these kinds. May be repeated.";

  private static final Map<String, String> EXAMPLES =
      Map.of(
          "kill", "STEP:kill:NODE, such as 100:kill:worker-1",
          "pause", "STEP:pause:NODE:SECONDS, such as 100:pause:worker-1:20 (SECONDS: 1 to 99999)",
          "slow",
              "STEP:slow:NODE:TIMES[:SECONDS], such as 100:slow:any:3:20 (TIMES: 1 to 9999, SECONDS: 1 to 99999)",
          "drop", "STEP:drop:NODE, such as 100:drop:worker-1",
          "delay",
              "STEP:delay:NODE:MILLISECONDS:SECONDS, such as 100:delay:any:50:20 (both 1 to 99999)",
          "cut", "STEP:cut:NODE[:SECONDS], such as 100:cut:worker-1:20 (SECONDS: 1 to 99999)",
          "hold",
              "STEP:hold[:joined|left|lost]:SECONDS, such as 100:hold:joined:60 (SECONDS: 1 to 99999)",
          "random", "random:SEED:COUNT[:KIND,KIND,…], such as random:7:20 (COUNT: 1 to 999)");

  private static final Pattern AT_NODE =
      Pattern.compile("(?<step>[1-9]\\d{0,17}):(?<kind>[a-z]+):(?<node>[^:]+)(?<more>:.+)?");

  private static final Pattern HOLD =
      Pattern.compile(
          "(?<step>[1-9]\\d{0,17}):hold:((?<until>joined|left|lost):)?(?<time>[1-9]\\d{0,4})");

  private static final Pattern RANDOM =
      Pattern.compile("random:(?<seed>\\d{1,18}):(?<count>[1-9]\\d{0,2})(:(?<kinds>[a-z,]+))?");

  /** Reads the option. */
  static final class Converter implements ITypeConverter<Chaos> {

    @Override
    public Chaos convert(String text) {
      return hold(text)
          .or(() -> fault(text))
          .or(() -> random(text))
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected %s, but found '%s'; --help has all forms"
                          .formatted(expected(text), text)));
    }
  }

  /** The form of the kind that was meant, if there is one. */
  private static String expected(String text) {
    return Arrays.stream(text.split(":", -1))
        .map(EXAMPLES::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("a failure, such as 100:kill:worker-1, 100:slow:any:3:20 or random:7:20");
  }

  private static Optional<Chaos> hold(String text) {
    Matcher form = HOLD.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String until = Optional.ofNullable(form.group("until")).orElse("time");
    return Optional.of(
        of(
            new Hold(
                Long.parseLong(form.group("step")),
                Hold.Until.valueOf(until.toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(Long.parseLong(form.group("time"))))));
  }

  private static Optional<Chaos> fault(String text) {
    Matcher form = AT_NODE.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String more = Optional.ofNullable(form.group("more")).orElse("");
    return NodeFault.parse(form.group("kind") + more)
        .map(what -> of(new Fault(Long.parseLong(form.group("step")), form.group("node"), what)));
  }

  private static Optional<Chaos> random(String text) {
    Matcher form = RANDOM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    List<RandomFaults.Kind> kinds = new ArrayList<>();
    for (String word : Optional.ofNullable(form.group("kinds")).orElse("kill").split(",", -1)) {
      Optional<RandomFaults.Kind> kind =
          Arrays.stream(RandomFaults.Kind.values()).filter(k -> k.word().equals(word)).findFirst();
      if (kind.isEmpty()) {
        return Optional.empty();
      }
      kinds.add(kind.get());
    }
    long seed = Long.parseLong(form.group("seed"));
    int count = Integer.parseInt(form.group("count"));
    return Optional.of(new Chaos(RandomFaults.of(seed, count, kinds)));
  }

  private static Chaos of(Interruption one) {
    return new Chaos(List.of(one));
  }
}
