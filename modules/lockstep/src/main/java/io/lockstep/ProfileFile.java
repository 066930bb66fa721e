package io.lockstep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.WireCosts;
import io.lockstep.model.AtomicFile;
import io.lockstep.model.Json;
import io.lockstep.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The content of {@code profile.json}: a profile, and the model that it is of. A pass is a list of
 * what it does, such as <code>[{"await":[0,65536]},{"compute":81250.5},{"sumsReady":true}]</code>.
 */
record ProfileFile(
    ProfiledModel model,
    Profile.Machine machine,
    Passes passes,
    AggregationCosts aggregation,
    WireCosts wire) {

  /** See {@link PassCosts}. */
  record Passes(List<Script> scripts, double evaluationNanos, List<Double> slowdowns) {

    private boolean isWhole(int parameters) {
      return isFull(scripts)
          && IntStream.range(0, scripts.size())
              .allMatch(i -> scripts.get(i).isWhole(1 << i, parameters))
          && areCosts(evaluationNanos)
          && isFull(slowdowns)
          && slowdowns.stream().allMatch(slower -> slower >= 1 && areCosts(slower));
    }
  }

  private static boolean areCosts(double... nanos) {
    return Arrays.stream(nanos).allMatch(each -> each >= 0 && Double.isFinite(each));
  }

  private static boolean isWhole(Profile.Machine machine) {
    return machine != null
        && machine.cores() >= 1
        && machine.taken() >= 0
        && machine.taken() <= 1
        && Stream.of(machine.cpu(), machine.jdk(), machine.lockstep()).noneMatch(Objects::isNull);
  }

  private static boolean isWhole(AggregationCosts costs) {
    return costs != null && areCosts(costs.addNanos(), costs.roundNanos(), costs.updateNanos());
  }

  private static boolean isWhole(WireCosts.Path path) {
    return path != null
        && isWhole(path.behind())
        && isWhole(path.apart())
        && areCosts(path.loopWakeNanos(), path.wakeNanos());
  }

  private static boolean isWhole(WireCosts.Frames frames) {
    return frames != null
        && areCosts(
            frames.handNanos(),
            frames.handNanosPerByte(),
            frames.sendNanos(),
            frames.sendNanosPerByte(),
            frames.receiveNanos(),
            frames.receiveNanosPerByte());
  }

  private static boolean isFull(List<?> list) {
    return list != null && !list.isEmpty() && list.stream().allMatch(Objects::nonNull);
  }

  /** See {@link PassScript}. */
  record Script(int leaves, List<Part> parts) {

    /** All of θ is ready once, and none of it is awaited twice. */
    private boolean isWhole(int wantedLeaves, int parameters) {
      return leaves == wantedLeaves
          && isFull(parts)
          && parts.stream().allMatch(Part::isWhole)
          && parts.stream().filter(part -> part.sumsReady != null).count() == 1
          && coveredBy(Part::ready) == parameters
          && coveredBy(Part::await) >= 0
          && parts.stream().map(Part::await).allMatch(r -> r == null || r.get(1) <= parameters);
    }

    /** Floats from 0 on that ranges cover, if these follow one another; negative if two overlap. */
    private int coveredBy(Function<Part, List<Integer>> ranges) {
      int end = 0;
      int covered = 0;
      for (List<Integer> range : sorted(ranges)) {
        if (range.getFirst() < end) {
          return -1;
        }
        covered += range.getFirst() == end ? range.getLast() - end : 0;
        end = range.getLast();
      }
      return covered;
    }

    private List<List<Integer>> sorted(Function<Part, List<Integer>> ranges) {
      return parts.stream()
          .map(ranges)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparing(List::getFirst))
          .toList();
    }
  }

  /** One of these: nanoseconds, or a range of θ. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Part(Double compute, List<Integer> await, Boolean sumsReady, List<Integer> ready) {

    static Part of(PassScript.Part part) {
      return switch (part) {
        case PassScript.Compute(double nanos) -> new Part(nanos, null, null, null);
        case PassScript.Await(int from, int to) -> new Part(null, List.of(from, to), null, null);
        case PassScript.SumsReady() -> new Part(null, null, true, null);
        case PassScript.Ready(int from, int to) -> new Part(null, null, null, List.of(from, to));
      };
    }

    private boolean isWhole() {
      return Stream.of(compute, await, sumsReady, ready).filter(Objects::nonNull).count() == 1
          && (compute == null || areCosts(compute))
          && isRange(await)
          && isRange(ready);
    }

    private static boolean isRange(List<Integer> range) {
      return range == null
          || isFull(range) && range.size() == 2 && range.get(0) >= 0 && range.get(0) < range.get(1);
    }

    PassScript.Part part() {
      if (compute != null) {
        return new PassScript.Compute(compute);
      }
      if (await != null) {
        return new PassScript.Await(await.get(0), await.get(1));
      }
      return ready == null
          ? new PassScript.SumsReady()
          : new PassScript.Ready(ready.get(0), ready.get(1));
    }
  }

  static ProfileFile of(ProfiledModel model, Profile profile) {
    PassCosts passes = profile.passes();
    List<Script> scripts =
        passes.scripts().stream()
            .map(s -> new Script(s.leaves(), s.parts().stream().map(Part::of).toList()))
            .toList();
    return new ProfileFile(
        model,
        profile.machine(),
        new Passes(scripts, passes.evaluationNanos(), passes.slowdowns()),
        profile.aggregation(),
        profile.wire());
  }

  /**
   * Writes it, in place of what is there.
   *
   * @throws ModelException if that fails
   */
  void write(Path file) {
    AtomicFile.write(file, Json.indented(this) + "\n");
  }

  /**
   * Reads one.
   *
   * @throws ModelException if it is not there, or no profile
   */
  static ProfileFile read(Path file) {
    try {
      ProfileFile read = Json.readWhole(Files.readString(file), ProfileFile.class);
      String lacking = read == null ? "profile" : read.lacking();
      if (lacking.isEmpty()) {
        return read;
      }
      throw noProfile(file, "no valid \"%s\"".formatted(lacking), null);
    } catch (NoSuchFileException missing) {
      throw noProfile(file, "no such file", missing);
    } catch (JsonMappingException wrong) {
      throw noProfile(file, "no valid \"%s\"".formatted(place(wrong)), wrong);
    } catch (JsonProcessingException damaged) {
      throw noProfile(file, damaged.getOriginalMessage(), damaged);
    } catch (IOException unreadable) {
      throw noProfile(file, unreadable.toString(), unreadable);
    }
  }

  /** The first field that is missing or makes no sense; empty if there is none. */
  private String lacking() {
    if (model == null || model.settings() == null) {
      return "model";
    }
    if (!isWhole(machine)) {
      return "machine";
    }
    if (passes == null || !passes.isWhole(model.parameters())) {
      return "passes";
    }
    if (!isWhole(aggregation)) {
      return "aggregation";
    }
    boolean wired = wire != null && isWhole(wire.sockets()) && isWhole(wire.shared());
    return wired && areCosts(wire.controlNanos()) ? "" : "wire";
  }

  /** Such as {@code passes.scripts[0].parts}; {@code profile} for all of it. */
  private static String place(JsonMappingException wrong) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference at : wrong.getPath()) {
      if (at.getFieldName() == null) {
        place.append('[').append(at.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(at.getFieldName());
      }
    }
    return place.isEmpty() ? "profile" : place.toString();
  }

  private static ModelException noProfile(Path file, String found, Throwable cause) {
    return new ModelException(
        "%s: expected a profile that `lockstep forecast` has written, found %s"
            .formatted(file, found),
        cause);
  }

  /** What was measured. */
  Profile profile() {
    List<PassScript> scripts =
        passes.scripts.stream()
            .map(s -> new PassScript(s.leaves, s.parts.stream().map(Part::part).toList()))
            .toList();
    return new Profile(
        machine,
        new PassCosts(scripts, passes.evaluationNanos, passes.slowdowns),
        aggregation,
        wire);
  }
}
