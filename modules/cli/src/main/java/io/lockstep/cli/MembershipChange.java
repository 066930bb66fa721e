package io.lockstep.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A worker process that joins or leaves a run.
 *
 * @param step steps that are done before
 * @param joins whether it joins; else one leaves
 */
record MembershipChange(long step, boolean joins) implements Interruption {

  @Override
  public String option() {
    return "--change %d:%s".formatted(step, joins ? "+1" : "-1");
  }

  /** Reads {@code STEP:+1} and {@code STEP:-1}. */
  static final class Converter implements ITypeConverter<MembershipChange> {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17}):([+-])1");

    @Override
    public MembershipChange convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "expected STEP:+1 or STEP:-1, such as 100:+1, but found '%s'".formatted(text));
      }
      return new MembershipChange(Long.parseLong(form.group(1)), form.group(2).equals("+"));
    }
  }
}
