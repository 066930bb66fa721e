package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.NetworkSettings.Dense;
import io.lockstep.config.NetworkSettings.Dropout;
import io.lockstep.data.Scaling;
import io.lockstep.data.SplitMethod;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Initializer;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.GradientFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final Path CONF = Path.of("../../conf");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "softmax,''",
    "one-16,16",
    "one-128,128",
    "three-16,16-16-16",
    "three-128,128-128-128"
  })
  void readsTheCoursesExercises(String name, String widths) {
    Configuration exercise = Configuration.load(CONF.resolve("lecture/" + name + ".conf"));
    String hidden = widths.isEmpty() ? "" : widths + "-";
    assertThat(exercise.toNetwork(784, 10).toString())
        .isEqualTo("784-" + hidden + "10 " + (widths.isEmpty() ? "" : "relu, ") + "categorical");
    assertThat(exercise.data().validation()).isEqualTo(0.2);
    assertThat(exercise.optimizer().name()).isEqualTo(OptimizerSettings.Name.RMSPROP);
    assertThat(exercise.train().epochs()).isEqualTo(30);
    assertThat(exercise.train().batch()).isEqualTo(128);
  }

  @Test
  void readsTheLecturesDemo() {
    Configuration mnist = Configuration.load(CONF.resolve("mnist.conf"));

    assertThat(mnist.name()).isEqualTo("mnist");
    assertThat(mnist.data().name()).isEqualTo("mnist");
    assertThat(mnist.data().validation()).isEqualTo(0.2);
    assertThat(mnist.data().split()).isEqualTo(SplitMethod.LAST);
    assertThat(mnist.data().scaling()).isEqualTo(Scaling.Kind.UNIT);
    assertThat(mnist.network().input()).hasValue(784);
    assertThat(mnist.network().layers())
        .containsExactly(
            new Dense(256, Activation.RELU, Initializer.GLOROT_UNIFORM),
            new Dropout(0.4),
            new Dense(128, Activation.RELU, Initializer.GLOROT_UNIFORM),
            new Dropout(0.3));
    assertThat(mnist.network().output())
        .isEqualTo(
            Configuration.builder()
                .output(Family.CATEGORICAL, Initializer.GLOROT_UNIFORM)
                .build()
                .network()
                .output());
    assertThat(mnist.optimizer())
        .isEqualTo(
            new OptimizerSettings(
                OptimizerSettings.Name.RMSPROP, 0.001, 0, 0.9, 1e-7, 0.9, 0.999, 0, 0, 0, 0, 10));
    assertThat(mnist.train())
        .isEqualTo(
            new TrainSettings(
                30, 128, 4, 0, 1, GradientFormat.FLOAT32, EarlyStopping.OFF, Duration.ZERO, 50));
    assertThat(mnist.kernels()).isEqualTo(Kernels.Choice.AUTO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "digits",
        "linear",
        "mnist",
        "mnist-quick",
        "glm-gaussian",
        "glm-bernoulli",
        "glm-poisson",
        "glm-multinomial"
      })
  void readyExperimentsAreBuiltInAsTheyAreInTheRepository(String name) {
    assertThat(Configuration.bundled(name, List.of()))
        .isEqualTo(Configuration.load(CONF.resolve(name + ".conf")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "digits",
        "linear",
        "mnist",
        "mnist-quick",
        "glm-gaussian",
        "glm-bernoulli",
        "glm-poisson",
        "glm-multinomial"
      })
  void resolvedConfigurationLoadsBackEqual(String name) throws IOException {
    Configuration configuration =
        Configuration.bundled(
            name, List.of("train.seed=-7", "schedule.name=cosine", "data.dir=/a b//\"c\"#"));
    Path copy = folder.resolve("config.conf");
    Files.writeString(copy, configuration.toHocon());

    Configuration read = Configuration.load(copy);

    assertThat(read).isEqualTo(configuration).hasSameHashCodeAs(configuration);
    assertThat(read.name()).isEqualTo(name);
    assertThat(read.data().dir()).isEqualTo("/a b//\"c\"#");
    assertThat(read.toHocon()).isEqualTo(configuration.toHocon());
  }

  @Test
  void laterOverridesGoBeforeEarlierOnesAndTheFile() {
    Configuration configuration =
        Configuration.bundled(
            "digits",
            List.of(
                "train.batch=64",
                "train.batch = 96 ",
                "kernels=scalar",
                "network.layers=[{type=dense,units=3,activation=Leaky_ReLU}]",
                "optimizer.learningRate=1e-2",
                "data.dir=/data//sets",
                "name=\"my run\""));

    assertThat(configuration.train().batch()).isEqualTo(96);
    assertThat(configuration.train().microBatches()).isEqualTo(3);
    assertThat(configuration.kernels()).isEqualTo(Kernels.Choice.SCALAR);
    assertThat(configuration.network().layers())
        .containsExactly(new Dense(3, Activation.LEAKY_RELU, Initializer.HE_UNIFORM));
    assertThat(configuration.optimizer().learningRate()).isEqualTo(0.01);
    assertThat(configuration.data().dir()).isEqualTo("/data//sets");
    assertThat(configuration.name()).isEqualTo("my run");
    assertThat(configuration.placeOf("train.batch")).isEqualTo("--set train.batch = 96 ");
    assertThat(configuration.placeOf("train.epochs")).isEqualTo("conf/digits.conf (built in):11");
    assertThat(configuration.placeOf("train.seed")).isEqualTo("default");
  }

  @Test
  void filesMayIncludeOthersAndRefer() throws IOException {
    Files.writeString(folder.resolve("first.conf"), "train { batch = 64, epochs = 3 }");
    Files.writeString(
        folder.resolve("second.conf"),
        "include \"first.conf\"\n" + "train.microBatches = ${train.batch}\n");

    Configuration configuration = Configuration.load(folder.resolve("second.conf"));

    assertThat(configuration.train().microBatches()).isEqualTo(64);
    assertThat(configuration.train().epochs()).isEqualTo(3);
  }

  @Test
  void microBatchesDependOnTheBatchAloneAndWorkersOnBoth() {
    int processors = Runtime.getRuntime().availableProcessors();

    assertThat(Configuration.builder().batch(1).build().train().microBatches()).isEqualTo(1);
    assertThat(Configuration.builder().batch(33).build().train().microBatches()).isEqualTo(2);
    assertThat(Configuration.builder().batch(1).build().cluster().workers()).isEqualTo(1);
    assertThat(Configuration.builder().batch(1 << 20).build().cluster().workers())
        .isEqualTo(processors);
    assertThat(Configuration.builder().batch(32).workers(8).build().cluster().workers())
        .isEqualTo(8);
  }

  @Test
  void initializersFollowTheActivationUnlessNamed() {
    Configuration configuration =
        Configuration.parse(
            """
            network.layers = [
              { type = dense, units = 4 }
              { type = dense, units = 4, activation = tanh }
              { type = dense, units = 4, activation = tanh, initializer = lecun-normal }
              { type = dense, units = 4, activation = silu, initializer = auto }
            ]
            """,
            "text");

    assertThat(configuration.network().layers())
        .containsExactly(
            new Dense(4, Activation.RELU, Initializer.HE_UNIFORM),
            new Dense(4, Activation.TANH, Initializer.GLOROT_UNIFORM),
            new Dense(4, Activation.TANH, Initializer.LECUN_NORMAL),
            new Dense(4, Activation.SILU, Initializer.HE_UNIFORM));
    assertThat(configuration.network().output().initializer())
        .isEqualTo(Initializer.GLOROT_UNIFORM);
  }

  @Test
  void builderMakesWhatTheFileMakes() {
    Configuration built =
        Configuration.builder()
            .name("mnist")
            .data("mnist")
            .validation(0.2)
            .scaling(Scaling.Kind.UNIT)
            .set("network.input", 784)
            .dense(256, Activation.RELU, Initializer.GLOROT_UNIFORM)
            .dropout(0.4)
            .dense(128, Activation.RELU, Initializer.GLOROT_UNIFORM)
            .dropout(0.3)
            .output(Family.CATEGORICAL, Initializer.GLOROT_UNIFORM)
            .optimizer(OptimizerSettings.Name.RMSPROP, 0.001)
            .schedule(ScheduleSettings.Name.CONSTANT)
            .epochs(30)
            .batch(128)
            .microBatches(4)
            .maxSteps(0)
            .seed(1)
            .servers(1)
            .build();

    assertThat(built).isEqualTo(Configuration.load(CONF.resolve("mnist.conf")));
  }

  @Test
  void aBuilderGoesOnWithoutChangingWhatItBuilt() {
    ConfigurationBuilder builder = Configuration.builder().dense(3, Activation.TANH);
    Configuration first = builder.build();
    Configuration second = builder.dropout(0.5).build();

    assertThat(first.network().layers()).hasSize(1);
    assertThat(second.network().layers()).hasSize(2);
    assertThat(first).isNotEqualTo(second);
  }
}
