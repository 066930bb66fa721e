package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page about deployment names is there. */
final class DeployPageTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");
  private static final Pattern COMMAND =
      Pattern.compile("lockstep (node|train|launch|key) ([^`#\n]*)");

  @Test
  void linksLeadToFilesThatTheDistributionHas() {
    List<String> links = found(LINK).map(match -> match.group(1)).toList();

    assertThat(links)
        .contains("ssh/hosts.conf", "slurm/lockstep.sbatch", "kubernetes/")
        .allSatisfy(link -> assertThat(DeployFolder.path(link)).exists());
    String assembly = DeployFolder.text("src/assembly/distribution.xml");
    assertThat(links)
        .filteredOn(link -> !link.endsWith("/"))
        .allSatisfy(link -> assertThat(assembly).contains("<include>" + link + "</include>"));
  }

  @Test
  void commandsHaveOnlyOptionsThatExist() {
    List<MatchResult> commands = found(COMMAND).toList();

    assertThat(commands).hasSizeGreaterThan(5);
    commands.forEach(
        command ->
            CommandOptions.of(command.group(1)).require(List.of(command.group(2).split("\\s+"))));
  }

  private static Stream<MatchResult> found(Pattern pattern) {
    Matcher matcher = pattern.matcher(DeployFolder.text("README.md"));
    return matcher.results();
  }
}
