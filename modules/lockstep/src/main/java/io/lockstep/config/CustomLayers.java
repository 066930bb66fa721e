package io.lockstep.config;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.LayerOptions;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/**
 * Makes layers of a user's own from their sections of the configuration.
 *
 * @param classes where their classes are looked for
 */
record CustomLayers(ClassLoader classes) {

  /**
   * The layer that a section describes.
   *
   * @param in columns of its input
   * @throws ConfigurationException if the class is not there or no layer, refuses its options, or
   *     does not know one of them
   */
  CustomLayer make(Section section, int in) {
    Section options = section.unread();
    CustomLayer layer = construct(constructor(options), options, in);
    options.requireRead();
    return layer;
  }

  private Constructor<?> constructor(Section options) {
    Class<?> type = load(options);
    if (!CustomLayer.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
      throw options.wrong("type", "a class that implements " + CustomLayer.class.getName());
    }
    try {
      Constructor<?> constructor = type.getConstructor(int.class, LayerOptions.class);
      if (Modifier.isPublic(type.getModifiers())) {
        return constructor;
      }
    } catch (NoSuchMethodException none) {
      // Refused below.
    }
    throw options.wrong("type", "a public class with a public constructor (int, LayerOptions)");
  }

  private Class<?> load(Section options) {
    try {
      return Class.forName(options.text("type"), false, classes);
    } catch (ClassNotFoundException missing) {
      String found =
          options.wrong("type", "a class that comes with the program or in a jar").getMessage();
      throw new ConfigurationException(found + "; name its jar: --jar FILE", missing);
    } catch (LinkageError broken) {
      throw options.wrong("type", "a class that can be loaded", broken);
    }
  }

  private static CustomLayer construct(Constructor<?> constructor, Section options, int in) {
    try {
      return (CustomLayer) constructor.newInstance(in, new Options(options));
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof ConfigurationException known) {
        throw known;
      }
      throw options.wrong(
          "type", "a layer for an input of %d columns".formatted(in), refused.getCause());
    } catch (ReflectiveOperationException | LinkageError broken) {
      throw options.wrong("type", "a class that can be loaded", broken);
    }
  }

  /** A section as a layer's constructor sees it. */
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
