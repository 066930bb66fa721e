package io.lockstep.config;

import io.lockstep.nn.Initializer;
import io.lockstep.nn.OutputFamily;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The keys {@code network.output.*}: what an output means. */
public final class OutputSettings {

  /** The value of {@code network.output.shape} that has it learned. */
  private static final String LEARNED = "learned";

  private final Section section;
  private final Family family;
  private final Link link;
  private final Object shape;
  private final Initializer initializer;

  private OutputSettings(
      Section section, Family family, Link link, Object shape, Initializer initializer) {
    this.section = section;
    this.family = family;
    this.link = link;
    this.shape = shape;
    this.initializer = initializer;
  }

  static OutputSettings read(Section output) {
    Initializer initializer =
        output
            .choiceOrAuto("initializer", Choices.of(Initializer.values()))
            .orElse(Initializer.GLOROT_UNIFORM);
    Family alias = Family.ALIASES.get(output.text("family").toLowerCase(Locale.ROOT));
    if (alias == null && output.text("family").contains(".")) {
      requireAuto(output, "link");
      requireAuto(output, "shape");
      return new OutputSettings(output, null, null, Section.AUTO, initializer);
    }
    Family family =
        alias != null
            ? alias
            : output.choiceOr(
                "a class such as com.example.MyFamily", "family", Choices.of(Family.values()));
    if (!output.section("options").unwrapped().isEmpty()) {
      throw output.wrong("options", "none, unless network.output.family is a class");
    }
    return new OutputSettings(
        output, family, readLink(output, family), readShape(output, family), initializer);
  }

  private static void requireAuto(Section output, String key) {
    if (!output.text(key).equals(Section.AUTO)) {
      throw output.wrong(key, "auto (as the family is a class; it may have options)");
    }
  }

  private static Link readLink(Section output, Family family) {
    Link[] links = family.links().toArray(Link[]::new);
    return output.choiceOrAuto("link", Choices.of(links)).orElse(links[0]);
  }

  /** A number, {@code learned}, or auto of families without a shape. */
  private static Object readShape(Section output, Family family) {
    String text = output.text("shape");
    if (!family.hasShape()) {
      if (!text.equals(Section.AUTO)) {
        throw output.wrong("shape", "auto (as %s has none)".formatted(Choices.nameOf(family)));
      }
      return Section.AUTO;
    }
    if (text.equals(Section.AUTO) || text.equals(LEARNED)) {
      return LEARNED;
    }
    return output.real(
        "shape",
        "a number above 0, learned or auto",
        x -> (float) x > 0 && Float.isFinite((float) x));
  }

  /** {@code network.output.family} in words; the name of a class if it is one of the user's own. */
  public String family() {
    return family == null ? section.text("family") : Choices.nameOf(family);
  }

  /** How the weights of the output's layer are drawn. */
  public Initializer initializer() {
    return initializer;
  }

  /**
   * The family.
   *
   * @param custom makes families of the user's own
   * @throws ConfigurationException if the class of one is not there or refuses its options
   */
  OutputFamily toFamily(CustomClasses custom) {
    return family == null
        ? custom.family(section)
        : family.toFamily(link, shape instanceof Double given ? given : null);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>();
    map.put("family", family());
    map.put("link", link == null ? Section.AUTO : Choices.nameOf(link));
    map.put("shape", shape);
    map.put("options", section.section("options").unwrapped());
    map.put("initializer", Choices.nameOf(initializer));
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputSettings that && toMap().equals(that.toMap());
  }

  @Override
  public int hashCode() {
    return Objects.hash(toMap());
  }

  @Override
  public String toString() {
    return "OutputSettings" + toMap();
  }
}
