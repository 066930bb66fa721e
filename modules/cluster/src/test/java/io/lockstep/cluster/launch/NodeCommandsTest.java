package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.wire.WireSettings.Transport;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NodeCommandsTest {

  private static final JavaCommand JAVA =
      new JavaCommand(
          "java", List.of("-XX:+UseSerialGC", "-XX:MaxNewSize=32m", "-Dx=y"), "lib/*", "Main");

  private static final LaunchPlan.Wish ONE = new LaunchPlan.Wish(OptionalInt.of(1), 1, 2);

  private static List<NodeCommandLine> of(List<String> hosts) {
    NodeCommands.Network network =
        new NodeCommands.Network("auto", 7355, Transport.TCP, true, false);
    SshCommand ssh = SshCommand.of(null, List.of("-i", "id"), "/opt/lockstep");
    return new NodeCommands(JAVA, ssh, network)
        .of(LaunchPlan.over(HostsFile.parse("hosts", hosts), ONE));
  }

  @Test
  void startsThisProgramAgainOnThisMachine() {
    List<NodeCommandLine> lines =
        of(List.of("local data=/d java-opts='-Xmx1g -XX:+UseParallelGC' address=10.0.0.1"));
    String[] words = lines.getFirst().words().toArray(String[]::new);
    assertThat(String.join(" ", words))
        .isEqualTo(
            "java -Dx=y -Xmx1g -XX:+UseParallelGC -cp lib/* Main node --owned --name server-0"
                + " --role parameter-server --bind 10.0.0.1 --port 7355 --transport tcp --encrypt");
    assertThat(lines.getFirst().environment()).containsEntry("LOCKSTEP_DATA", "/d");
    assertThat(lines.getLast().words()).contains("--slots", "2").doesNotContain("--port");
  }

  @Test
  void goesThroughSshElsewhere() {
    List<String> words = of(List.of("n user=u port=22 dir=~/a data='/d d'")).getLast().words();
    assertThat(words).startsWith("ssh", "-i", "id", "-T").contains("BatchMode=yes", "-p", "22");
    assertThat(words.get(words.size() - 2)).isEqualTo("u@n");
    assertThat(words.getLast())
        .startsWith("exec sh -c 'cd \"$HOME\"/a && LOCKSTEP_DATA='\\''/d d'\\'' exec bin/lockstep")
        .endsWith("--bind auto --transport tcp --encrypt'");
    assertThat(of(List.of("n")).getLast().words().getLast()).contains("cd /opt/lockstep && exec ");
  }

  @Test
  void quotesSoThatAShellGivesTheWordsBack() throws Exception {
    List<String> words =
        List.of("", "a b", "it's", "$HOME `x` \"y\" \\", "ä*?", "-n", "new\nline", "#", "~");
    String script = "printf '<%s>' " + ShellWords.join(words);
    Process shell = new ProcessBuilder("sh", "-c", "sh -c " + ShellWords.quote(script)).start();
    String out =
        new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(out).isEqualTo("<" + String.join("><", words) + ">");
  }

  @Test
  void isThisProgramOnceMore() {
    assertThat(JavaCommand.ofProcess("Main").line(List.of("x"))).endsWith("Main", "x");
  }
}
