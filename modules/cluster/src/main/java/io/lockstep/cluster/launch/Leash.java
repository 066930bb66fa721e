package io.lockstep.cluster.launch;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.keys.ClusterKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What ties a node to its launcher: the node's standard input. Two lines come over it, the
 * cluster's key (which must not stand on a command line, where everybody sees it) and the nodes to
 * join (known only when the first node has found its port); then perhaps lines that have the node
 * leave in order, or have failures happen to it on purpose. The operating system ends it when the
 * launcher is gone, however it went, and over ssh as well.
 *
 * <p>Used by the node's main thread, which never closes it.
 */
public final class Leash {

  private static final String KEY = "key ";
  private static final String JOIN = "join ";
  private static final String DRAIN = "drain";
  private static final String FAULT = "fault ";

  private final BufferedReader in;

  /** The leash on the given standard input. */
  public Leash(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
  }

  static String keyLine(ClusterKey key) {
    return KEY + key.toText();
  }

  static String joinLine(List<HostPort> nodes) {
    return JOIN + nodes.stream().map(HostPort::toString).collect(Collectors.joining(","));
  }

  static String drainLine() {
    return DRAIN;
  }

  static String faultLine(NodeFault fault) {
    return FAULT + fault.text();
  }

  /**
   * The key; waits for it.
   *
   * @throws LaunchException if the launcher goes before, or says something else
   */
  public ClusterKey key() {
    return ClusterKey.fromText(line(KEY));
  }

  /**
   * The nodes to join, none for the first node; waits for them.
   *
   * @throws LaunchException if the launcher goes before, or says something else
   */
  public List<HostPort> join() {
    return Arrays.stream(line(JOIN).split(","))
        .filter(text -> !text.isEmpty())
        .map(text -> HostPort.parse(text).orElseThrow(() -> unexpected(JOIN)))
        .toList();
  }

  private String line(String word) {
    try {
      String line = in.readLine();
      if (line == null) {
        throw new LaunchException("the launcher is gone");
      }
      if (!line.startsWith(word)) {
        throw unexpected(word);
      }
      return line.substring(word.length());
    } catch (IOException broken) {
      throw new LaunchException("the launcher is gone", broken);
    }
  }

  /** Does not repeat what was found: it may be a key. */
  private static LaunchException unexpected(String word) {
    return new LaunchException(
        "expected a line '%s…' from the launcher on standard input but found another; --owned is for lockstep launch only"
            .formatted(word));
  }

  /**
   * From now on listens to the launcher, on a thread of its own.
   *
   * @param drain is to have the node leave in order
   * @param fault is to have a failure happen to it
   * @param gone is to end the process: the launcher has ended the leash
   */
  public void watch(Runnable drain, Consumer<NodeFault> fault, Runnable gone) {
    Thread.ofPlatform().daemon().name("lockstep-leash").start(() -> await(drain, fault, gone));
  }

  private void await(Runnable drain, Consumer<NodeFault> fault, Runnable gone) {
    try {
      String line = in.readLine();
      while (line != null) { // Later launchers may say more than this node understands.
        if (line.equals(DRAIN)) {
          drain.run();
        } else if (line.startsWith(FAULT)) {
          NodeFault.parse(line.substring(FAULT.length())).ifPresent(fault);
        }
        line = in.readLine();
      }
    } catch (IOException broken) {
      // As good as its end.
    }
    gone.run();
  }
}
