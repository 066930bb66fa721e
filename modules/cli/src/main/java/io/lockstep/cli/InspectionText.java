package io.lockstep.cli;

import io.lockstep.Inspection;
import io.lockstep.nn.Network.LayerSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a configuration amounts to, as text. */
final class InspectionText {

  private InspectionText() {}

  /** The lines, without newlines. */
  static List<String> lines(Inspection inspection) {
    List<String> lines = new ArrayList<>();
    lines.add(inspection.name());
    lines.add("");
    lines.addAll(layers(inspection));
    lines.add("");
    lines.add(
        "parameters  %s (θ); optimizer %s; learning rate %s"
            .formatted(
                Figures.count(inspection.parameters()),
                inspection.optimizer(),
                inspection.schedule()));
    lines.addAll(memory(inspection));
    lines.addAll(work(inspection));
    return lines;
  }

  private static List<String> layers(Inspection inspection) {
    Table table = new Table("layer", "in", "out", "parameters", "");
    int in = inspection.inputs();
    for (LayerSummary layer : inspection.layers()) {
      table.row(
          layer.name(),
          Figures.count(in),
          Figures.count(layer.width()),
          layer.parameters() == 0 ? "-" : Figures.count(layer.parameters()),
          layer.detail().isEmpty() ? layer.kind() : layer.kind() + ", " + layer.detail());
      in = layer.width();
    }
    return table.lines();
  }

  private static List<String> memory(Inspection inspection) {
    return List.of(
        "memory      %s: weights %s, optimizer %s, %s %s; the data come on top"
            .formatted(
                Figures.bytes(inspection.totalBytes()),
                Figures.bytes(inspection.weightsBytes()),
                Figures.bytes(inspection.stateBytes()),
                places(inspection),
                Figures.bytes(inspection.placeBytes())));
  }

  private static String places(Inspection inspection) {
    String workers = Figures.count(inspection.workers(), "worker");
    return inspection.places() == inspection.workers()
        ? workers + " each"
        : "%s in %s of".formatted(workers, Figures.count(inspection.places(), "place"));
  }

  private static List<String> work(Inspection inspection) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "step        %s in %s of %s"
            .formatted(
                Figures.count(inspection.batch(), "row"),
                Figures.microBatches(inspection.microBatches()),
                Figures.count(inspection.rowsPerMicroBatch(), "row")));
    lines.add(
        "workers     %s, %s busy; %s a step travel to the parameter servers"
            .formatted(
                Figures.count(inspection.workers()),
                Figures.count(inspection.busyWorkers()),
                Figures.count(inspection.partials(), "gradient")));
    lines.add(
        "            at most %s can be busy"
            .formatted(Figures.count(inspection.microBatches(), "worker")));
    if (inspection.busyWorkers() < inspection.workers()) {
      String idle =
          IntStream.range(inspection.busyWorkers(), inspection.workers())
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(", "));
      lines.add("            idle: " + idle + "; more train.microBatches give them work");
    }
    lines.add(
        "servers     %s; θ in %s of up to %s, %s"
            .formatted(
                Figures.count(inspection.servers()),
                Figures.count(inspection.buckets(), "bucket"),
                Figures.bytes(inspection.bucketBytes()),
                "per server "
                    + inspection.bucketsPerServer().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" "))));
    return lines;
  }
}
