package io.lockstep.cli;

import io.lockstep.cluster.launch.Host;
import io.lockstep.cluster.launch.HostFinding;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with hosts, as text: all of it at once, host by host. */
final class HostTable {

  private HostTable() {}

  /** A line for each finding, and one below it for the remedy. */
  static List<String> lines(List<HostFinding> findings) {
    int hostWidth = findings.stream().mapToInt(f -> label(f.host()).length()).max().orElse(0);
    int topicWidth = findings.stream().mapToInt(f -> f.topic().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    Host before = null;
    for (HostFinding finding : findings) {
      String host = finding.host().equals(before) ? "" : label(finding.host());
      before = finding.host();
      String left = "  %s  %s  ".formatted(pad(host, hostWidth), pad(finding.topic(), topicWidth));
      lines.add(left + finding.found());
      lines.add(" ".repeat(left.length() + 2) + finding.remedy());
    }
    return lines;
  }

  private static String label(Host host) {
    String line = host.place().substring(host.place().lastIndexOf(':') + 1);
    return "%s (line %s)".formatted(host.label(), line);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** A sentence about hosts that cannot take part, and what is wrong with these and others. */
  static String refusal(List<Host> hosts, List<HostFinding> findings) {
    long bad =
        findings.stream().filter(HostFinding::fatal).map(HostFinding::host).distinct().count();
    String sentence =
        "%d of %s cannot take part; nothing was started"
            .formatted(bad, Figures.count(hosts.size(), "host"));
    return sentence + "\n" + String.join("\n", lines(findings));
  }
}
