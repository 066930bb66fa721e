package io.lockstep.forecast.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.PassScript.Await;
import io.lockstep.forecast.PassScript.Part;
import io.lockstep.forecast.PassScript.Ready;
import io.lockstep.forecast.PassScript.SumsReady;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Network;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.graph.ComposedLayer;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Sgd;
import io.lockstep.training.Buckets;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.TrialPass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real passes call their listener for, as a script. */
class PassRecorderTest {

  private static final int WIDTH = 40;
  private static final int ROWS = 64;
  private static final int CLASSES = 3;
  private static final int BUCKET_BYTES = 1 << 14;

  static Stream<Named<Network>> networks() {
    return Stream.of(
        Named.of("dense", dense()),
        Named.of(
            "normalized, with a residual connection",
            Network.builder(WIDTH)
                .dense(130, Activation.RELU)
                .layerNorm(1e-5)
                .residual(f -> f.dense(130, Activation.TANH).batchNorm(0.1, 1e-5))
                .output(new Categorical(), CLASSES)),
        Named.of(
            "embedding",
            Network.builder(WIDTH)
                .embedding(0, 700, 12, true)
                .dense(65, Activation.RELU)
                .output(new Categorical(), CLASSES)),
        Named.of(
            "composed: the same filter over both halves of a row",
            Network.builder(WIDTH)
                .custom(filters())
                .dense(200, Activation.RELU)
                .output(new Categorical(), CLASSES)));
  }

  private static Network dense() {
    return Network.builder(WIDTH)
        .dense(300, Activation.RELU)
        .dropout(0.2)
        .dense(70, Activation.TANH)
        .output(new Categorical(), CLASSES);
  }

  /** A convolution with a stride as wide as its window. */
  private static ComposedLayer filters() {
    return new ComposedLayer(
        "filters",
        WIDTH,
        (graph, x) -> {
          int window = WIDTH / 2;
          var filter =
              graph.parameter(Parameter.matrix("W", window, 150, Initializer.LECUN_NORMAL));
          return x.columns(0, window).matmul(filter).add(x.columns(window, WIDTH).matmul(filter));
        });
  }

  @ParameterizedTest
  @MethodSource("networks")
  void awaitsAndYieldsEachFloatOfThetaOnce(Network network) {
    Buckets buckets = buckets(network);
    List<Part> calls = calls(job(network, 16), buckets, 2, 0);

    assertThat(buckets.count()).isGreaterThan(2);
    assertThat(covered(calls, Await.class)).isEqualTo(bucketsInOrder(buckets));
    assertThat(covered(calls, Ready.class)).isEqualTo(bucketsInOrder(buckets));
    int sums = calls.indexOf(new SumsReady());
    assertThat(calls.subList(0, sums)).hasOnlyElementsOfType(Await.class);
    assertThat(calls.subList(sums + 1, calls.size())).hasOnlyElementsOfType(Ready.class);
  }

  @Test
  void gradientsOfTheLastLayerComeFirst() {
    Network network = dense();
    Buckets buckets = buckets(network);
    List<Part> calls = calls(job(network, 16), buckets, 1, 0);

    List<Part> ready = calls.stream().filter(Ready.class::isInstance).toList();
    int last = buckets.count() - 1;
    assertThat(ready.getFirst()).isEqualTo(new Ready(buckets.from(last), buckets.to(last)));
  }

  @Test
  void callsAreThoseOfEachPassOverSoManyLeaves() {
    Network network = dense();
    Job job = job(network, 8);
    Buckets buckets = buckets(network);

    assertThat(TrialPass.mostLeaves(job)).isEqualTo(8);
    assertThat(calls(job, buckets, 8, 0)).isEqualTo(calls(job, buckets, 8, 5));
  }

  @Test
  void aScriptTakesAsLongAsTheMedianPass() {
    List<Part> calls = List.of(new Await(0, 10), new SumsReady(), new Ready(0, 10));
    RecordedPasses passes = new RecordedPasses(4);
    passes.add(calls, new long[] {0, 100, 50, 10});
    passes.add(calls, new long[] {0, 200, 40, 140});
    passes.add(calls, new long[] {0, 120, 9_000, 20});

    PassScript script = passes.script();

    assertThat(script.nanos()).isEqualTo(380); // Of 160, 380 and 9140.
    assertThat(script.leaves()).isEqualTo(4);
    assertThat(script.parts())
        .containsExactly(
            new Await(0, 10),
            new PassScript.Compute(240),
            new SumsReady(),
            new PassScript.Compute(100),
            new Ready(0, 10),
            new PassScript.Compute(40));
  }

  private static List<Part> calls(Job job, Buckets buckets, int leaves, long step) {
    TrialPass trial =
        new TrialPass(job, Kernels.select(Kernels.Choice.SCALAR), TrialPass.initialWeights(job));
    PassRecorder recorder = new PassRecorder(buckets);
    recorder.begin();
    trial.train(leaves, step, recorder);
    assertThat(recorder.end()).hasSize(recorder.calls().size() + 1);
    return recorder.calls();
  }

  private static List<Part> covered(List<Part> calls, Class<? extends Part> kind) {
    return calls.stream()
        .filter(kind::isInstance)
        .map(PassRecorderTest::asReady)
        .sorted((a, b) -> Integer.compare(a.from(), b.from()))
        .map(Part.class::cast)
        .toList();
  }

  private static Ready asReady(Part part) {
    return switch (part) {
      case Await(int from, int to) -> new Ready(from, to);
      case Ready ready -> ready;
      default -> throw new AssertionError(part);
    };
  }

  private static List<Part> bucketsInOrder(Buckets buckets) {
    return Stream.iterate(0, bucket -> bucket < buckets.count(), bucket -> bucket + 1)
        .map(bucket -> (Part) new Ready(buckets.from(bucket), buckets.to(bucket)))
        .toList();
  }

  private static Buckets buckets(Network network) {
    return new Buckets(network.parameters().packedLength(), BUCKET_BYTES, 1);
  }

  private static Job job(Network network, int leaves) {
    Partitions data = Partitions.of(rows("train"), rows("test"), Split.NONE, Scaling.Kind.NONE);
    return new Job(
        network,
        data,
        new MicroBatches(ROWS / 2, leaves / 2),
        new Epochs(new Sampler(1, ROWS, ROWS / 2), 3, 0),
        new Sgd(),
        new LearningRateSchedule.Constant(0.1),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  private static Dataset rows(String name) {
    float[] features = new float[ROWS * WIDTH];
    for (int i = 0; i < features.length; i++) {
      features[i] = i % 7;
    }
    return Dataset.ofFloats(name, ROWS, WIDTH, features, new int[ROWS], CLASSES);
  }
}
