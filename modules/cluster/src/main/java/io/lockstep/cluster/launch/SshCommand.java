package io.lockstep.cluster.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How to run something of lockstep's on another host.
 *
 * @param program ssh and the user's options of it, as words
 * @param home where lockstep is on this machine, and on hosts that say nothing else
 */
public record SshCommand(List<String> program, String home) {

  /** Names the program, with options, as in {@code ssh -F config}. */
  public static final String VARIABLE = "LOCKSTEP_SSH";

  /** Nobody is there to type a password, a host that went away is noticed, and no ssh stays. */
  private static final List<String> OPTIONS =
      List.of(
          "-T",
          "-o",
          "BatchMode=yes",
          "-o",
          "ConnectTimeout=5",
          "-o",
          "ServerAliveInterval=5",
          "-o",
          "ServerAliveCountMax=3",
          "-o",
          "ControlMaster=no");

  /**
   * The program that the user wants.
   *
   * @param variable the content of {@link #VARIABLE}, or null
   * @param options more options, each a word
   */
  public static SshCommand of(String variable, List<String> options, String home) {
    List<String> program = new ArrayList<>();
    program.addAll(
        variable == null || variable.isBlank() ? List.of("ssh") : ShellWords.split(variable));
    program.addAll(options);
    return new SshCommand(program, home);
  }

  /** The words that run {@code bin/lockstep} with the given arguments there. */
  List<String> lockstep(Host host, List<String> arguments) {
    return on(host, "cd " + folder(host) + " && " + call(host, arguments));
  }

  /** The same, preceded by what tells apart a missing folder and a missing command. */
  List<String> carefully(Host host, List<String> arguments) {
    String look =
        "cd %s || { echo %s; exit 0; }; test -x bin/lockstep || { echo %s; exit 0; }; "
            .formatted(folder(host), HostCheck.NO_FOLDER, HostCheck.NO_COMMAND);
    return on(host, look + call(host, arguments));
  }

  private static String call(Host host, List<String> arguments) {
    Map<String, String> variables = new LinkedHashMap<>();
    host.data().ifPresent(data -> variables.put("LOCKSTEP_DATA", data));
    if (!host.javaOptions().isEmpty()) {
      variables.put("LOCKSTEP_JAVA_OPTS", String.join(" ", host.javaOptions()));
    }
    StringBuilder call = new StringBuilder();
    variables.forEach((name, value) -> call.append(name + "=" + ShellWords.quote(value) + " "));
    return call + "exec bin/lockstep " + ShellWords.join(arguments);
  }

  /** A tilde is the home folder there, and what does not begin with a slash is in it. */
  private String folder(Host host) {
    String dir = host.dir().orElse(home);
    if (dir.equals("~")) {
      return "\"$HOME\"";
    }
    return dir.startsWith("~/")
        ? "\"$HOME\"/" + ShellWords.quote(dir.substring(2))
        : ShellWords.quote(dir);
  }

  /** Through sh, whatever the user's shell over there is. */
  private List<String> on(Host host, String script) {
    List<String> words = new ArrayList<>(program);
    words.addAll(OPTIONS);
    host.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
    words.add("--");
    words.add(host.user().map(user -> user + "@").orElse("") + host.name());
    words.add("exec sh -c " + ShellWords.quote(script));
    return words;
  }
}
