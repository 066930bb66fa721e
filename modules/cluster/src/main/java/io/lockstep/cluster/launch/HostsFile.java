package io.lockstep.cluster.launch;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a hosts file: a host on each line, as ssh knows it, then what is particular about it.
 *
 * <pre>
 *   HOST [user=U] [port=22] [slots=T] [roles=worker,parameter-server]
 *        [dir=/path/of/lockstep] [data=DIR] [java-opts="-Xmx8g"] [address=IP]
 * </pre>
 *
 * <p>{@code #} begins a comment. The host {@code local} is this machine, without ssh. A host may be
 * named several times, for instance with other options of the JVM.
 */
public final class HostsFile {

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of("user", "port", "slots", "roles", "dir", "data", "java-opts", "address"));

  private static final int MOST_SLOTS = 1024;

  private final String place;

  private HostsFile(String place) {
    this.place = place;
  }

  /**
   * Reads a file.
   *
   * @throws HostsException if it cannot be read, a line has a mistake, or there is no host
   */
  public static List<Host> read(Path file) {
    try {
      return parse(file.toString(), Files.readAllLines(file));
    } catch (NoSuchFileException missing) {
      throw new HostsException(file + ": no such file; expected a list of hosts", missing);
    } catch (IOException failure) {
      throw new HostsException("%s: cannot be read: %s".formatted(file, failure), failure);
    }
  }

  static List<Host> parse(String file, List<String> lines) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      new HostsFile(file + ":" + (i + 1)).host(lines.get(i)).ifPresent(hosts::add);
    }
    if (hosts.isEmpty()) {
      throw new HostsException(file + ": expected a host on each line but found none");
    }
    return hosts;
  }

  private Optional<Host> host(String line) {
    List<String> words = words(line);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    String name = words.getFirst();
    // What begins with a hyphen would be an option of ssh's.
    if (!name.matches("[A-Za-z0-9_:\\[][A-Za-z0-9_.:%\\[\\]-]*")) {
      throw expected("", "the name or address of a host first", name);
    }
    Map<String, String> settings = settings(words.subList(1, words.size()));
    return Optional.of(
        new Host(
            place,
            name,
            text(settings, "user"),
            number(settings, "port", HostPort.MOST),
            number(settings, "slots", MOST_SLOTS),
            roles(settings),
            text(settings, "dir"),
            text(settings, "data"),
            options(settings),
            text(settings, "address")));
  }

  private List<String> words(String line) {
    try {
      return ShellWords.split(line);
    } catch (IllegalArgumentException openQuote) {
      throw new HostsException(place + ": " + openQuote.getMessage(), openQuote);
    }
  }

  private Map<String, String> settings(List<String> words) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      if (equals < 0 || !KEYS.contains(key)) {
        throw expected("", "KEY=VALUE with a key of " + String.join(", ", KEYS), word);
      }
      if (settings.put(key, word.substring(equals + 1)) != null) {
        throw expected(key, "it once", "it again");
      }
    }
    return settings;
  }

  private Optional<String> text(Map<String, String> settings, String key) {
    String value = settings.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isBlank() || value.startsWith("-")) {
      throw expected(key, "a value that does not begin with a hyphen", value);
    }
    return Optional.of(value);
  }

  private OptionalInt number(Map<String, String> settings, String key, int most) {
    String value = settings.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
    if (number < 1 || number > most) {
      throw expected(key, "a number from 1 to " + most, value);
    }
    return OptionalInt.of(number);
  }

  private Set<Role> roles(Map<String, String> settings) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : settings.getOrDefault("roles", "worker,parameter-server").split(",", -1)) {
      roles.add(
          Role.of(word)
              .orElseThrow(() -> expected("roles", "worker, parameter-server, or both", word)));
    }
    return roles;
  }

  private List<String> options(Map<String, String> settings) {
    List<String> options = ShellWords.split(settings.getOrDefault("java-opts", ""));
    for (String option : options) {
      if (!option.startsWith("-")) {
        throw expected("java-opts", "options that begin with a hyphen", option);
      }
    }
    return options;
  }

  private HostsException expected(String key, String expected, String found) {
    String what = key.isEmpty() ? "" : key + ": ";
    return new HostsException(
        "%s: %sexpected %s but found '%s'".formatted(place, what, expected, found));
  }
}
