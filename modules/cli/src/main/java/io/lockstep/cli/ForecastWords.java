package io.lockstep.cli;

import io.lockstep.forecast.Stragglers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the words of {@code forecast}'s options. Stateless. */
final class ForecastWords {

  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
  private static final Pattern BANDWIDTH = Pattern.compile(NUMBER + "([kMGT]?)bit(?:/s)?");
  private static final Pattern TIME = Pattern.compile(NUMBER + "(ns|us|µs|ms|s|min|h)");
  private static final Pattern RATE = Pattern.compile(NUMBER + "/" + NUMBER + "h");
  private static final Pattern LOG_NORMAL = Pattern.compile("lognormal:" + NUMBER);
  private static final Pattern SLOW =
      Pattern.compile("slow:" + NUMBER + ":" + NUMBER + "(?:/" + NUMBER + ")?");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,6})(?:\\.\\.([0-9]{1,6}))?");

  private static final Map<String, Double> BITS =
      Map.of("", 1.0, "k", 1e3, "M", 1e6, "G", 1e9, "T", 1e12);
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1.0, "us", 1e3, "µs", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9, "h", 3600e9);

  private ForecastWords() {}

  /** Numbers of nodes, ascending. */
  record NodeCounts(List<Integer> all) {}

  private static Matcher match(Pattern pattern, String word, String expected) {
    Matcher matcher = pattern.matcher(word);
    if (!matcher.matches()) {
      throw wrong(expected, word);
    }
    return matcher;
  }

  private static TypeConversionException wrong(String expected, String found) {
    return new TypeConversionException("expected %s but found '%s'".formatted(expected, found));
  }

  /** {@code 1..1024} (doubled from one to the other), {@code 1,2,8}, or both. */
  static final class OfNodes implements ITypeConverter<NodeCounts> {

    private static final String EXPECTED =
        "numbers from 1 to 65536, such as 1,2,8 or, doubled each time, 1..1024,";
    private static final int MOST = 1 << 16;

    @Override
    public NodeCounts convert(String word) {
      TreeSet<Integer> nodes = new TreeSet<>();
      for (String part : word.split(",", -1)) {
        Matcher range = RANGE.matcher(part);
        if (!range.matches()) {
          throw wrong(EXPECTED, word);
        }
        int from = Integer.parseInt(range.group(1));
        int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
        if (from < 1 || to > MOST || to < from) {
          throw wrong(EXPECTED, word);
        }
        for (int n = from; n < to; n *= 2) {
          nodes.add(n);
        }
        nodes.add(to);
      }
      return new NodeCounts(List.copyOf(nodes));
    }
  }

  /** {@code 10Gbit}, in bits a second. */
  static final class OfBandwidth implements ITypeConverter<Double> {
    @Override
    public Double convert(String word) {
      String expected = "bits a second, such as 100Mbit or 10Gbit,";
      Matcher found = match(BANDWIDTH, word, expected);
      double bits = Double.parseDouble(found.group(1)) * BITS.get(found.group(2));
      if (bits <= 0) {
        throw wrong(expected, word);
      }
      return bits;
    }
  }

  /** {@code 50us}, in nanoseconds. */
  static final class OfTime implements ITypeConverter<Double> {
    @Override
    public Double convert(String word) {
      Matcher found = match(TIME, word, "a time, such as 50us, 1ms, 60s, 90min or 1h,");
      return Double.parseDouble(found.group(1)) * NANOS.get(found.group(2));
    }
  }

  /** {@code 1/1000h}, in failures of a machine in an hour. */
  static final class OfRate implements ITypeConverter<Double> {
    @Override
    public Double convert(String word) {
      String expected = "failures of a machine by hours, such as 1/1000h,";
      Matcher found = match(RATE, word, expected);
      double hours = Double.parseDouble(found.group(2));
      if (hours == 0) {
        throw wrong(expected, word);
      }
      return Double.parseDouble(found.group(1)) / hours;
    }
  }

  /** {@code none}, {@code lognormal:0.2} or {@code slow:2:1/16}. */
  static final class OfStragglers implements ITypeConverter<Stragglers> {

    private static final String EXPECTED =
        "none, lognormal:SIGMA such as lognormal:0.2, or slow:FACTOR:SHARE such as slow:2:1/16,";

    private static final double MOST_SIGMA = 2;
    private static final double MOST_FACTOR = 1_000;

    @Override
    public Stragglers convert(String word) {
      Matcher drawn = LOG_NORMAL.matcher(word);
      if (drawn.matches()) {
        return logNormal(Double.parseDouble(drawn.group(1)), word);
      }
      return word.equals("none") ? new Stragglers.None() : slow(word);
    }

    private static Stragglers logNormal(double sigma, String word) {
      if (sigma > MOST_SIGMA) {
        throw wrong(EXPECTED + " with a sigma of at most 2,", word);
      }
      return new Stragglers.LogNormal(sigma);
    }

    private static Stragglers slow(String word) {
      Matcher found = match(SLOW, word, EXPECTED);
      double factor = Double.parseDouble(found.group(1));
      String of = found.group(3) == null ? "1" : found.group(3);
      double share = Double.parseDouble(found.group(2)) / Double.parseDouble(of);
      if (factor < 1 || factor > MOST_FACTOR || !(share <= 1)) {
        throw wrong(EXPECTED + " with a factor of 1 to 1000 and a share of at most 1,", word);
      }
      return new Stragglers.Slow(factor, share);
    }
  }

  /** {@code auto}, which is 0, or a number. */
  static final class OfServers implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String word) {
      Matcher found = match(Pattern.compile("auto|[1-9][0-9]{0,4}"), word, "auto, or 1 or more,");
      return found.group().equals("auto") ? 0 : Integer.parseInt(word);
    }
  }

  /** {@code bf16} or {@code none}, as {@code train.gradients} has it. */
  static final class OfCompression implements ITypeConverter<String> {
    @Override
    public String convert(String word) {
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "bf16" -> "bfloat16";
        case "none" -> "float32";
        default -> throw wrong("bf16 or none,", word);
      };
    }
  }
}
