package io.lockstep.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * What came out of a run, and what it ran on: the content of {@code run.json}. Fields that a later
 * version adds are ignored when an earlier one reads it.
 *
 * @param status how the run ended
 * @param message what a person should know of it; null if nothing
 * @param weightsSha256 see {@link WeightsHash}
 * @param steps updates that were done
 * @param weightsEpoch the epoch that the weights are of, where the best are the result; else null:
 *     they are those of the last step
 * @param epochs epochs that were completed
 * @param workers number of workers
 * @param servers number of parameter servers
 * @param microBatches micro-batches of a full step
 * @param microBatchesPerWorker micro-batches that each worker computed
 * @param nodes what each node with workers did
 * @param events nodes that joined or left meanwhile, or were refused; from where the run went on
 * @param seed of weights, order and dropout
 * @param parameters number of parameters, padding not counted
 * @param seconds of training, evaluation between the epochs included
 * @param samplesPerSecond rows trained on, by {@code seconds}
 * @param train loss and accuracy of the last epoch's steps; null if there was none
 * @param validation of the weights; null without such rows
 * @param test of the weights; null without such rows
 * @param dataName the data set
 * @param dataSha256 checksum of the data
 * @param jars the jars with layers of the user's own
 * @param started when the run began, by ISO 8601
 * @param jdk see {@link Machine}
 * @param cpu see {@link Machine}
 * @param cores see {@link Machine}
 * @param simd the kernels that computed
 * @param version see {@link BuildInfo}
 * @param commit see {@link BuildInfo}
 */
@JsonPropertyOrder({
  "status",
  "message",
  "weightsSha256",
  "weightsEpoch",
  "steps",
  "epochs",
  "workers",
  "servers",
  "microBatches"
})
public record RunSummary(
    Status status,
    String message,
    String weightsSha256,
    Integer weightsEpoch,
    long steps,
    long epochs,
    int workers,
    int servers,
    int microBatches,
    List<Long> microBatchesPerWorker,
    List<Node> nodes,
    List<Event> events,
    long seed,
    long parameters,
    double seconds,
    double samplesPerSecond,
    Score train,
    Score validation,
    Score test,
    String dataName,
    String dataSha256,
    List<UsedJar> jars,
    String started,
    String jdk,
    String cpu,
    int cores,
    String simd,
    String version,
    String commit) {

  /** How a run ended. */
  public enum Status {
    /** All steps were done, or validations ended the run before. */
    FINISHED("finished"),
    /** It was stopped before, and kept what was learned. */
    STOPPED("stopped"),
    /** A loss or gradient was not finite; the last good weights are kept. */
    DIVERGED("diverged");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** As in {@code run.json}. */
    @JsonValue
    public String word() {
      return word;
    }
  }

  /**
   * How well weights do on some rows.
   *
   * @param loss mean loss of a row
   * @param accuracy share of rows that were predicted right; null where nothing is right or wrong
   * @param deviance sum of the rows' deviances; null for steps, and where the loss is no likelihood
   * @param logLikelihood sum of the rows' log-likelihoods; null as the deviance
   * @param quality what the predictions are worth beside; null for steps, and for epochs
   */
  public record Score(
      double loss,
      Double accuracy,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double deviance,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double logLikelihood,
      @JsonInclude(JsonInclude.Include.NON_NULL) Quality quality) {

    /** Without deviance and log-likelihood. */
    public Score(double loss, Double accuracy) {
      this(loss, accuracy, null, null);
    }

    /** Without what predictions are worth beside. */
    public Score(double loss, Double accuracy, Double deviance, Double logLikelihood) {
      this(loss, accuracy, deviance, logLikelihood, null);
    }

    /** The same with what predictions are worth beside. */
    public Score with(Quality more) {
      return new Score(loss, accuracy, deviance, logLikelihood, more);
    }
  }

  /**
   * What was asked for.
   *
   * @param jars the jars with layers of the user's own
   * @param simd the kernels that compute
   * @param started when the run began, by ISO 8601
   */
  public record Setup(
      int workers,
      int servers,
      int microBatches,
      long seed,
      long parameters,
      String dataName,
      String dataSha256,
      List<UsedJar> jars,
      String simd,
      String started) {}

  /** A jar of the user's. */
  public record UsedJar(String name, String sha256) {}

  /**
   * What was done.
   *
   * @param message what a person should know of it; null if nothing
   * @param weightsEpoch the epoch that the weights are of; null: of the last step
   */
  public record Outcome(
      Status status,
      String message,
      String weightsSha256,
      Integer weightsEpoch,
      long steps,
      long epochs,
      List<Long> microBatchesPerWorker,
      List<Node> nodes,
      List<Event> events,
      double seconds,
      double samplesPerSecond) {}

  /**
   * What the workers of one node did.
   *
   * @param name of the node
   * @param microBatches micro-batches that each worker computed
   * @param bytesSent bytes that the node sent to parameter servers; 0 within one JVM
   * @param bytesReceived bytes that it received from them
   */
  public record Node(String name, List<Long> microBatches, long bytesSent, long bytesReceived) {}

  /**
   * A change in who takes part, or something else that a person should know.
   *
   * @param what {@code joined}, {@code left}, {@code refused}, {@code lost}, {@code late} or {@code
   *     replanned} (its share follows its speed) of a node; {@code resumed}, {@code damaged} or
   *     {@code unsaved} of a checkpoint; {@code stopped} of the run, by early stopping
   * @param step the first step that it holds for, or that of the checkpoint
   * @param node name of the node; empty if it is about none
   * @param detail more of it; empty if there is nothing more
   */
  public record Event(String what, long step, String node, String detail) {}

  /** Scores; each null where there are no rows. */
  public record Scores(Score train, Score validation, Score test) {}

  /** Makes the lists unmodifiable. */
  public RunSummary {
    microBatchesPerWorker =
        microBatchesPerWorker == null ? List.of() : List.copyOf(microBatchesPerWorker);
    nodes = nodes == null ? List.of() : List.copyOf(nodes);
    events = events == null ? List.of() : List.copyOf(events);
    jars = jars == null ? List.of() : List.copyOf(jars);
  }

  /** The summary of a run of this program on this machine. */
  public static RunSummary of(Setup setup, Outcome outcome, Scores scores) {
    return of(setup, outcome, scores, Machine.ofProcess(), BuildInfo.ofProgram());
  }

  static RunSummary of(
      Setup setup, Outcome outcome, Scores scores, Machine machine, BuildInfo build) {
    return new RunSummary(
        outcome.status(),
        outcome.message(),
        outcome.weightsSha256(),
        outcome.weightsEpoch(),
        outcome.steps(),
        outcome.epochs(),
        setup.workers(),
        setup.servers(),
        setup.microBatches(),
        outcome.microBatchesPerWorker(),
        outcome.nodes(),
        outcome.events(),
        setup.seed(),
        setup.parameters(),
        outcome.seconds(),
        outcome.samplesPerSecond(),
        scores.train(),
        scores.validation(),
        scores.test(),
        setup.dataName(),
        setup.dataSha256(),
        setup.jars(),
        setup.started(),
        machine.jdk(),
        machine.cpu(),
        machine.cores(),
        setup.simd(),
        build.version(),
        build.commit());
  }

  /** As indented JSON, with a newline at the end. */
  public String toJson() {
    return Json.indented(this) + "\n";
  }
}
