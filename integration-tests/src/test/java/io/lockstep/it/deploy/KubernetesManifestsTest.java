package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests have the fields that Kubernetes asks for, and what they refer to is there. */
final class KubernetesManifestsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  @ParameterizedTest
  @MethodSource("files")
  void hasTheFieldsOfItsKind(Path file) throws IOException {
    JsonNode object = read(file);

    assertThat(shapes().faults(file.getFileName().toString(), plain(object), kind(object)))
        .isEmpty();
  }

  @Test
  void aMisspeltAndAMissingFieldAreFound() throws IOException {
    String service = DeployFolder.text("kubernetes/service.yaml");

    assertThat(
            shapes().faults("s", Shapes.load(service.replace("selector", "selektor")), "Service"))
        .containsExactly(
            "s.spec.selector: expected a value but found nothing",
            "s.spec: expected the fields of ServiceSpec but found selektor");
    assertThat(shapes().faults("s", Shapes.load(service.replace("7355", "773550")), "Service"))
        .containsExactly("s.spec.ports[0].port: expected port but found 773550");
  }

  @Test
  void kustomizationNamesFilesAndTheIgnoredKey() {
    JsonNode kustomization = read("kustomization.yaml");

    assertThat(texts(kustomization.get("resources")))
        .allSatisfy(name -> assertThat(DeployFolder.path("kubernetes/" + name)).isRegularFile());
    String key = kustomization.at("/secretGenerator/0/files/0").asText();
    assertThat(DeployFolder.text("../.gitignore").lines()).contains(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameter-servers.yaml", "workers.yaml"})
  void nodesArePodsOfTheHeadlessService(String file) {
    JsonNode set = read(file);
    JsonNode service = read("service.yaml");
    Map<String, Object> labels = plain(set.at("/spec/template/metadata/labels"));

    assertThat(plain(set.at("/spec/selector/matchLabels"))).isEqualTo(labels);
    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(set.at("/spec/serviceName")).isEqualTo(service.at("/metadata/name"));
    assertThat(labels).containsAllEntriesOf(plain(service.at("/spec/selector")));
    List<Object> ports = new ArrayList<>();
    set.at("/spec/template/spec/containers/0/ports").forEach(port -> ports.add(port.get("name")));
    assertThat(service.at("/spec/ports"))
        .allSatisfy(port -> assertThat(ports).contains(port.get("targetPort")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameter-servers.yaml", "workers.yaml"})
  void nodesJoinTheFirstParameterServersByName(String file) {
    JsonNode container = read(file).at("/spec/template/spec/containers/0");
    List<String> arguments = texts(container.get("args"));

    assertThat(values(arguments, "--join")).isEqualTo(seeds(2));
    assertThat(values(arguments, "--advertise")).containsExactly("$(POD_NAME).lockstep");
    assertThat(values(arguments, "--port")).containsExactly(port(container, "control"));
    assertThat(values(arguments, "--data-port")).containsExactly(port(container, "data"));
  }

  @Test
  void theJobSubmitsToAllNodesThatThereAre() {
    List<String> arguments = texts(read("train.yaml").at("/spec/template/spec/containers/0/args"));

    assertThat(arguments.getFirst()).isEqualTo("train");
    assertThat(DeployFolder.path("../conf/" + arguments.get(1) + ".conf")).isRegularFile();
    assertThat(values(arguments, "--join")).isEqualTo(seeds(1));
    assertThat(values(arguments, "--workers"))
        .containsExactly(read("workers.yaml").at("/spec/replicas").asText());
    assertThat(values(arguments, "--servers"))
        .containsExactly(read("parameter-servers.yaml").at("/spec/replicas").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameter-servers.yaml", "workers.yaml", "train.yaml"})
  void everyContainerFindsItsVolumesVariablesAndOptions(String file) {
    JsonNode pod = read(file).at("/spec/template/spec");
    List<String> volumes = names(pod.get("volumes"));

    Stream.concat(stream(pod.get("initContainers")), stream(pod.get("containers")))
        .forEach(
            container -> {
              assertThat(volumes).containsAll(names(container.get("volumeMounts")));
              assertThat(names(container.path("env"))).containsAll(references(container));
              List<String> arguments = texts(container.path("args"));
              if (!arguments.isEmpty()) {
                CommandOptions.of(arguments.getFirst()).require(arguments);
              }
            });
    String secret = read("kustomization.yaml").at("/secretGenerator/0/name").asText();
    assertThat(pod.at("/volumes/0/secret/secretName").asText()).isEqualTo(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameter-servers.yaml", "workers.yaml", "train.yaml"})
  void podsRunAsTheUserOfTheImage(String file) {
    JsonNode security = read(file).at("/spec/template/spec/securityContext");

    assertThat(DeployFolder.text("container/Containerfile"))
        .contains("USER %s:%s\n".formatted(security.get("runAsUser"), security.get("runAsGroup")));
  }

  private static List<String> seeds(int count) {
    JsonNode servers = read("parameter-servers.yaml");
    List<String> seeds = new ArrayList<>();
    for (int pod = 0; pod < count; pod++) {
      seeds.add(
          "%s-%d.%s:%s"
              .formatted(
                  servers.at("/metadata/name").asText(),
                  pod,
                  servers.at("/spec/serviceName").asText(),
                  port(servers.at("/spec/template/spec/containers/0"), "control")));
    }
    return seeds;
  }

  private static String port(JsonNode container, String name) {
    return stream(container.get("ports"))
        .filter(port -> port.get("name").asText().equals(name))
        .map(port -> port.get("containerPort").asText())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> values(List<String> arguments, String option) {
    return arguments.stream()
        .filter(argument -> argument.startsWith(option + "="))
        .map(argument -> argument.substring(option.length() + 1))
        .toList();
  }

  private static List<String> references(JsonNode container) {
    Matcher matcher = REFERENCE.matcher(container.path("args").toString());
    return matcher.results().map(result -> result.group(1)).toList();
  }

  private static List<String> names(JsonNode list) {
    return stream(list).map(element -> element.get("name").asText()).toList();
  }

  private static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static String kind(JsonNode object) {
    return object.get("kind").asText();
  }

  private static JsonNode read(String name) {
    return read(DeployFolder.path("kubernetes/" + name));
  }

  private static JsonNode read(Path file) {
    return JSON.valueToTree(Shapes.load(DeployFolder.text(file.toString())));
  }

  private static Map<String, Object> plain(JsonNode object) {
    return JSON.convertValue(object, new TypeReference<>() {});
  }

  private static Shapes shapes() throws IOException {
    try (InputStream in =
        KubernetesManifestsTest.class.getResourceAsStream("/kubernetes-shapes.yaml")) {
      return Shapes.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DeployFolder.path("kubernetes"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
