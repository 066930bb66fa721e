package io.lockstep.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a run has left in its folder, or has there while it goes on.
 *
 * @param folder of the run
 */
record KeptRun(Path folder) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What depends on time alone; a node may be lost while a checkpoint is written: unsaved. */
  private static final Set<String> ANY_TIME =
      Set.of("replanned", "mirrored", "unmirrored", "unsaved");

  /** A node that joined or left. */
  record Event(String what, long step, String node) {}

  /** What a node with workers did. */
  record Work(long microBatches, long bytesSent, long bytesReceived) {}

  /** A process of a launch. */
  record Node(String name, String host, long pid, String control, String data) {

    boolean alive() {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
  }

  /** {@code run.json}. */
  JsonNode summary() {
    return json("run.json");
  }

  String weights() {
    return summary().get("weightsSha256").asText();
  }

  /** Without those that may come at any time of any run: of its nodes' speed, and of standbys. */
  List<Event> events() {
    return stream(summary().get("events").elements())
        .map(
            event ->
                new Event(
                    event.get("what").asText(),
                    event.get("step").asLong(),
                    event.get("node").asText()))
        .filter(event -> !ANY_TIME.contains(event.what()))
        .toList();
  }

  /** By the nodes' names. */
  Map<String, Work> work() {
    Map<String, Work> work = new TreeMap<>();
    for (JsonNode node : summary().get("nodes")) {
      long microBatches =
          stream(node.get("microBatches").elements()).mapToLong(JsonNode::asLong).sum();
      work.put(
          node.get("name").asText(),
          new Work(
              microBatches, node.get("bytesSent").asLong(), node.get("bytesReceived").asLong()));
    }
    return work;
  }

  /** The processes of a launch, as far as they are up. */
  List<Node> nodes() {
    return stream(json("launch.json").get("nodes").elements())
        .map(
            node ->
                new Node(
                    node.get("name").asText(),
                    node.get("host").asText(),
                    node.get("pid").asLong(),
                    node.get("control").asText(),
                    node.get("data").asText()))
        .toList();
  }

  Node node(String name) {
    return nodes().stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  /** The log of a node. */
  String log(String node) {
    return text(folder.resolve("logs").resolve(node + ".log"));
  }

  /** All logs one after the other, for the message of a test that failed. */
  String logs() {
    Path logs = folder.resolve("logs");
    if (!Files.isDirectory(logs)) {
      return "no logs in " + folder;
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(logs).sorted()) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> all.append("\n--- ").append(file).append('\n').append(text(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString();
  }

  private JsonNode json(String name) {
    try {
      return JSON.readTree(folder.resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> stream(Iterator<JsonNode> nodes) {
    Iterable<JsonNode> once = () -> nodes;
    return StreamSupport.stream(once.spliterator(), false);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
