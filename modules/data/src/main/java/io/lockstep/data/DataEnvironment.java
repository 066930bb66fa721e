package io.lockstep.data;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the machine says about where data are: passed in, so that nothing deeper reads global state.
 *
 * @param variables environment variables: {@code LOCKSTEP_DATA}, {@code XDG_CACHE_HOME}
 * @param home the user's home folder
 * @param osName as in the system property {@code os.name}
 */
public record DataEnvironment(Map<String, String> variables, Path home, String osName) {

  /** Names the folder that holds a subfolder for each data set. */
  public static final String DATA_VARIABLE = "LOCKSTEP_DATA";

  /** This process's environment. */
  public static DataEnvironment ofProcess() {
    return new DataEnvironment(
        System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("os.name"));
  }

  /** The folder of data set {@code name} in {@code LOCKSTEP_DATA}, or null if that is not set. */
  public Path dataFolder(String name) {
    String folder = variables.getOrDefault(DATA_VARIABLE, "");
    return folder.isBlank() ? null : Path.of(folder, name);
  }

  /**
   * The folder of data set {@code name} in the user's cache: in {@code XDG_CACHE_HOME} if that is
   * an absolute path, else in {@code ~/Library/Caches} on macOS, else in {@code ~/.cache}.
   */
  public Path cacheFolder(String name) {
    String xdg = variables.getOrDefault("XDG_CACHE_HOME", "");
    boolean mac = osName.startsWith("Mac");
    Path cache = home.resolve(mac ? "Library/Caches" : ".cache");
    if (!xdg.isBlank() && Path.of(xdg).isAbsolute()) {
      cache = Path.of(xdg);
    }
    return cache.resolve("lockstep").resolve(name);
  }
}
