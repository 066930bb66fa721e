package io.lockstep.config;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.OutputFamily;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/**
 * Makes layers and families of a user's own from their sections of the configuration.
 *
 * @param classes where their classes are looked for
 */
record CustomClasses(ClassLoader classes) {

  /**
   * The layer that a section describes.
   *
   * @param in columns of its input
   * @throws ConfigurationException if the class is not there or no layer, refuses its options, or
   *     does not know one of them
   */
  CustomLayer layer(Section section, int in) {
    Section options = section.unread();
    Wanted<CustomLayer> wanted =
        new Wanted<>(
            CustomLayer.class,
            options,
            "type",
            "(int, LayerOptions)",
            "a layer for an input of %d columns".formatted(in));
    CustomLayer layer =
        construct(wanted, new Class<?>[] {int.class, LayerOptions.class}, in, new Options(options));
    options.requireRead();
    return layer;
  }

  /**
   * The family that the section of an output names, with its {@code options}.
   *
   * @throws ConfigurationException as {@link #layer}
   */
  OutputFamily family(Section output) {
    Section options = output.section("options").unread();
    Wanted<OutputFamily> wanted =
        new Wanted<>(OutputFamily.class, output.unread(), "family", "(LayerOptions)", "a family");
    OutputFamily family =
        construct(wanted, new Class<?>[] {LayerOptions.class}, new Options(options));
    options.requireRead();
    return family;
  }

  /** An object of a class that {@code key} of a section names, and what messages call it. */
  private record Wanted<T>(
      Class<T> kind, Section section, String key, String parameters, String what) {

    ConfigurationException wrong(String expected) {
      return section.wrong(key, expected);
    }

    ConfigurationException wrong(String expected, Throwable cause) {
      return section.wrong(key, expected, cause);
    }
  }

  private Constructor<?> constructor(Wanted<?> wanted, Class<?>[] parameters) {
    Class<?> type = load(wanted);
    if (!wanted.kind().isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
      throw wanted.wrong("a class that implements " + wanted.kind().getName());
    }
    try {
      Constructor<?> constructor = type.getConstructor(parameters);
      if (Modifier.isPublic(type.getModifiers())) {
        return constructor;
      }
    } catch (NoSuchMethodException none) {
      // Refused below.
    }
    throw wanted.wrong("a public class with a public constructor " + wanted.parameters());
  }

  private Class<?> load(Wanted<?> wanted) {
    try {
      return Class.forName(wanted.section().text(wanted.key()), false, classes);
    } catch (ClassNotFoundException missing) {
      String found = wanted.wrong("a class that comes with the program or in a jar").getMessage();
      throw new ConfigurationException(found + "; name its jar: --jar FILE", missing);
    } catch (LinkageError broken) {
      throw wanted.wrong("a class that can be loaded", broken);
    }
  }

  private <T> T construct(Wanted<T> wanted, Class<?>[] parameters, Object... arguments) {
    try {
      return wanted.kind().cast(constructor(wanted, parameters).newInstance(arguments));
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof ConfigurationException known) {
        throw known;
      }
      throw wanted.wrong(wanted.what(), refused.getCause());
    } catch (ReflectiveOperationException | LinkageError broken) {
      throw wanted.wrong("a class that can be loaded", broken);
    }
  }

  /** A section as a constructor sees it. */
  private record Options(Section section) implements LayerOptions {

    @Override
    public boolean has(String key) {
      return section.asks(key);
    }

    @Override
    public int count(String key) {
      return section.count(key);
    }

    @Override
    public double real(String key) {
      return section.real(key, "a number", any -> true);
    }

    @Override
    public String text(String key) {
      return section.text(key);
    }

    @Override
    public boolean flag(String key) {
      return section.flag(key);
    }

    @Override
    public RuntimeException wrong(String key, String expected) {
      return section.wrong(key, expected);
    }
  }
}
