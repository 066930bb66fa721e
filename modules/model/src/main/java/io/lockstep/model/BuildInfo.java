package io.lockstep.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built.
 *
 * @param version the project's version
 * @param commit the commit it was built from, with {@code -dirty} if files had changed since;
 *     {@code unknown} when built outside a repository
 */
public record BuildInfo(String version, String commit) {

  private static final String UNKNOWN = "unknown";

  /** Of the program that runs. */
  public static BuildInfo ofProgram() {
    try (InputStream resource = BuildInfo.class.getResourceAsStream("build.properties")) {
      Properties properties = new Properties();
      if (resource != null) {
        properties.load(resource);
      }
      return of(properties);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static BuildInfo of(Properties properties) {
    String commit = known(properties.getProperty("commit"));
    boolean dirty = "true".equals(properties.getProperty("dirty")) && !commit.equals(UNKNOWN);
    return new BuildInfo(
        known(properties.getProperty("version")), dirty ? commit + "-dirty" : commit);
  }

  /** A placeholder stays unfilled where the build knew nothing. */
  private static String known(String value) {
    return value == null || value.isBlank() || value.startsWith("${") ? UNKNOWN : value;
  }
}
