package io.lockstep.config;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Values that are set beside a configuration's file, and what set them, for messages. The later
 * ones come before the earlier ones. Immutable.
 */
public final class Overrides {

  /** None. */
  public static final Overrides NONE = new Overrides(List.of());

  /**
   * One of them.
   *
   * @param text {@code key=value}
   * @param place what messages call it
   */
  record Override(String text, String place) {}

  private final List<Override> all;

  private Overrides(List<Override> all) {
    this.all = List.copyOf(all);
  }

  /** Of the option {@code --set}: each {@code key=value}. */
  public static Overrides of(List<String> texts) {
    return new Overrides(
        texts.stream().map(text -> new Override(text, Place.OVERRIDE + text)).toList());
  }

  /**
   * These and one more.
   *
   * @param place what set it, such as {@code --workers 2}
   */
  public Overrides with(String key, Object value, String place) {
    return with(new Overrides(List.of(new Override(key + "=" + value, place))));
  }

  /**
   * As above, of a key whose last part is any name of the user's.
   *
   * @param section the parts before
   */
  public Overrides with(String section, String name, Object value, String place) {
    return with(section + "." + ConfigUtil.quoteString(name), value, place);
  }

  /** These and then others. */
  public Overrides with(Overrides later) {
    List<Override> both = new ArrayList<>(all);
    both.addAll(later.all);
    return new Overrides(both);
  }

  List<Override> all() {
    return all;
  }
}
