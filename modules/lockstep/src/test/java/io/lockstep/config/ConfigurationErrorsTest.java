package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.DigitsSource;
import io.lockstep.kernels.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationErrorsTest {

  @TempDir Path folder;

  private static void refuses(String hocon, String message) {
    assertThatThrownBy(() -> Configuration.parse(hocon, "x.conf"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  private static void refusesOverride(String override, String message) {
    assertThatThrownBy(() -> Configuration.bundled("digits", List.of(override)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void namesFileAndLineAsTheUserGaveThem() throws IOException {
    Path file = folder.resolve("a.conf");
    Files.writeString(file, "# one\ntrain {\n  batch = many\n}\n");

    assertThatThrownBy(() -> Configuration.load(file))
        .hasMessage(
            "train.batch: expected a whole number of at least 1 but found \"many\" at "
                + file
                + ":3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.bacth = 3 | train.bacth: unknown key at x.conf:1; did you mean train.batch?",
        "momentum = 0.5 | momentum: unknown key at x.conf:1; did you mean optimizer.momentum?",
        "train.learningRate = 1 | train.learningRate: unknown key at x.conf:1; did you mean"
            + " optimizer.learningRate?",
        "trian { epochs = 1 } | trian.epochs: unknown key at x.conf:1; did you mean train.epochs?",
        "cluster.xyzzyxyzzy = 1 | cluster.xyzzyxyzzy: unknown key at x.conf:1; the known keys are"
            + " cluster.bucketBytes, cluster.servers, cluster.standbys, cluster.workers",
        "train.batch.rows = 1 | train.batch.rows: unknown key at x.conf:1; did you mean"
            + " train.batch?",
        "network.layers = [{ type = dense, unit = 3 }] | network.layers[0].unit: unknown key at"
            + " x.conf:1; did you mean network.layers[0].units?",
        "network.layers = [{ type = dropout, units = 3 }] | network.layers[0].units: unknown key at"
            + " x.conf:1; the known keys are network.layers[0].type, network.layers[0].rate",
      })
  void refusesUnknownKeysWithTheNearestKnownOne(String hocon, String message) {
    refuses(hocon, message);
  }

  @Test
  void refusesTheFirstUnknownKeyInTheOrderOfLines() {
    refuses(
        "train.epochs = 1\nzulu = 1\nalpha = 2\n",
        "zulu: unknown key at x.conf:2; the known keys are checkpoint, cluster, data, kernels, name, network,"
            + " optimizer, schedule, train");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.batch = 1.5 | train.batch: expected a whole number of at least 1 but found 1.5",
        "train.batch = 0 | train.batch: expected a whole number of at least 1 but found 0",
        "train.batch = -3 | train.batch: expected a whole number of at least 1 but found -3",
        "train.batch = true | train.batch: expected a whole number of at least 1 but found true",
        "train.batch = null | train.batch: expected a whole number of at least 1 but found null",
        "train.batch = [1] | train.batch: expected a whole number of at least 1 but found a list",
        "train.batch = {} | train.batch: expected a whole number of at least 1 but found a section"
            + " { … }",
        "train.batch = 3000000000 | train.batch: expected a whole number of at most 2147483647 but"
            + " found 3000000000",
        "train.epochs = 0 | train.epochs: expected a whole number of at least 1 but found 0",
        "train.maxSteps = -1 | train.maxSteps: expected a whole number of at least 0 but found -1",
        "train.seed = 1e30 | train.seed: expected a whole number but found 1.0E30",
        "train.reportEvery = 0 | train.reportEvery: expected a whole number of at least 1 but found"
            + " 0",
        "train.microBatches = 129 | train.microBatches: expected a whole number from 1 to"
            + " train.batch (128) or auto but found 129",
        "train.microBatches = 0 | train.microBatches: expected a whole number from 1 to train.batch"
            + " (128) or auto but found 0",
        "train = 5 | train: expected a section { … } but found 5",
        "data.name = minst | data.name: expected one of digits, mnist, table but found \"minst\"; did you"
            + " mean mnist?",
        "data.validation = 1 | data.validation: expected a number from 0 to less than 1 but found 1",
        "data.validation = -0.1 | data.validation: expected a number from 0 to less than 1 but found"
            + " -0.1",
        "data.split = lats | data.split: expected one of last, random, evenly but found \"lats\"; did you"
            + " mean last?",
        "data.scaling = log | data.scaling: expected one of none, unit, standardize or auto but found"
            + " \"log\"",
        "data.digits.train = 0 | data.digits.train: expected a whole number from 1 to 2000000 but"
            + " found 0",
        "network.input = -1 | network.input: expected a whole number of at least 1 or auto but found"
            + " -1",
        "network.layers = 3 | network.layers: expected a list of sections { type = … } but found 3",
        "network.layers = [3] | network.layers[0]: expected a section { type = … } but found 3",
        "network.layers = [{ units = 3 }] | network.layers[0].type: expected one of dense, dropout,"
            + " layer-norm, batch-norm, residual, embedding or a class such as com.example.MyLayer but the key is missing",
        "network.layers = [{ type = dence }] | network.layers[0].type: expected one of dense,"
            + " dropout, layer-norm, batch-norm, residual, embedding or a class such as"
            + " com.example.MyLayer but found \"dence\"; did you mean dense?",
        "network.layers = [{ type = dense }] | network.layers[0].units: expected a whole number of"
            + " at least 1 but the key is missing",
        "network.layers = [{ type = dense, units = 0 }] | network.layers[0].units: expected a whole"
            + " number of at least 1 but found 0",
        "network.layers = [{ type = dense, units = 1, activation = rely }] |"
            + " network.layers[0].activation: expected one of identity, sigmoid, relu, tanh,"
            + " leaky-relu, elu, softplus, gelu, silu but found \"rely\"; did you mean relu?",
        "network.layers = [{ type = dense, units = 1, initializer = he }] |"
            + " network.layers[0].initializer: expected one of glorot-uniform, glorot-normal,"
            + " he-uniform, he-normal, lecun-uniform, lecun-normal or auto but found \"he\"",
        "network.layers = [{ type = dropout, rate = 1 }] | network.layers[0].rate: expected a"
            + " number from 0 to less than 1 but found 1",
        "network.layers = [{ type = dropout }] | network.layers[0].rate: expected a number from 0 to"
            + " less than 1 but the key is missing",
        "network.output.family = poison | network.output.family: expected one of categorical,"
            + " bernoulli, poisson, negative-binomial, gamma, exponential, gaussian, squared-error,"
            + " one-hot-squared-error or a class such as com.example.MyFamily but found \"poison\"; did you mean poisson?",
        "network.output { family = poisson, link = logit } | network.output.link: expected one of log"
            + " or auto but found \"logit\"; did you mean log?",
        "network.output { family = bernoulli, link = log } | network.output.link: expected one of"
            + " logit, probit, cloglog or auto but found \"log\"; did you mean logit?",
        "network.output { family = poisson, shape = 2 } | network.output.shape: expected auto (as"
            + " poisson has none) but found 2",
        "network.output { family = gamma, shape = 0 } | network.output.shape: expected a number above"
            + " 0, learned or auto but found 0",
        "network.output.options.a = 1 | network.output.options: expected none, unless"
            + " network.output.family is a class but found a section { … }",
        "optimizer.name = adem | optimizer.name: expected one of sgd, momentum, nesterov, rmsprop,"
            + " adam, adamw, nadam, adagrad, adadelta, lbfgs but found \"adem\"; did you mean adam?",
        "optimizer.learningRate = 0 | optimizer.learningRate: expected a number above 0 but found 0",
        "optimizer.learningRate = NaN | optimizer.learningRate: expected a number above 0 but found"
            + " \"NaN\"",
        "optimizer.epsilon = 1e-60 | optimizer.epsilon: expected a number above 0 but found 1.0E-60",
        "optimizer.momentum = 1 | optimizer.momentum: expected a number from 0 to less than 1 or"
            + " auto but found 1",
        "optimizer.beta2 = 1 | optimizer.beta2: expected a number from 0 to less than 1 but found 1",
        "optimizer.weightDecay = -1 | optimizer.weightDecay: expected a number of at least 0 but"
            + " found -1",
        "schedule.name = cos | schedule.name: expected one of constant, step, exponential, cosine"
            + " but found \"cos\"",
        "schedule.factor = 2 | schedule.factor: expected a number above 0 and at most 1 but found 2",
        "schedule.finalRate = 1 | schedule.finalRate: expected a number from 0 to"
            + " optimizer.learningRate (0.001) but found 1",
        "schedule.totalSteps = 0 | schedule.totalSteps: expected a whole number of at least 1 or"
            + " auto but found 0",
        "schedule.warmupSteps = -1 | schedule.warmupSteps: expected a whole number of at least 0 but"
            + " found -1",
        "cluster.workers = 0 | cluster.workers: expected a whole number from 1 to 1024 or auto but"
            + " found 0",
        "cluster.servers = 0 | cluster.servers: expected a whole number from 1 to 1024 but found 0",
        "cluster.standbys = 2 | cluster.standbys: expected a whole number from 0 to 1 but found 2",
        "cluster.standbys = -1 | cluster.standbys: expected a whole number from 0 to 1 but found -1",
        "cluster.bucketBytes = 4 | cluster.bucketBytes: expected a whole number from 16384 to"
            + " 2147483647 but found 4",
        "kernels = avx | kernels: expected one of auto, scalar, vector128, vector256, vector512 but"
            + " found \"avx\"",
      })
  void refusesValuesOfAWrongTypeOrOutOfRange(String hocon, String message) {
    int remedy = message.indexOf(';');
    String place = " at x.conf:1";
    refuses(
        hocon,
        remedy < 0
            ? message + place
            : message.substring(0, remedy) + place + message.substring(remedy));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.batch=abc | train.batch: expected a whole number of at least 1 but found \"abc\" at"
            + " --set train.batch=abc",
        "train.batch=-1 | train.batch: expected a whole number of at least 1 but found -1 at --set"
            + " train.batch=-1",
        "train.batch= | train.batch: expected a whole number of at least 1 but found \"\" at --set"
            + " train.batch=",
        "train.bacth=3 | train.bacth: unknown key at --set train.bacth=3; did you mean train.batch?",
        "train=3 | train: expected a section { … } but found 3 at --set train=3",
        "train.batch | --set train.batch: expected key=value, for instance --set train.batch=64",
        "=3 | --set =3: expected key=value, for instance --set train.batch=64",
        "a..b=3 | --set a..b=3: expected a key such as train.batch but found a..b",
        "network.layers=[{type=dense,units=0}] | network.layers[0].units: expected a whole number of"
            + " at least 1 but found 0 at --set network.layers=[{type=dense,units=0}]",
        "network.layers=[{ | --set network.layers=[{: not valid HOCON: expecting a close"
            + " parentheses ')' here, not: end of file",
      })
  void namesTheOverrideThatIsWrong(String override, String message) {
    refusesOverride(override, message);
  }

  @Test
  void refusesMalformedHoconWithItsLine() {
    refuses(
        "train {\n  batch = 3\n  epochs = = 4\n}\n",
        "x.conf:3: not valid HOCON: Expecting a value but got wrong token: '='");
    assertThatThrownBy(() -> Configuration.parse("train {\n  batch = 3\n", "x.conf"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("x.conf:3: not valid HOCON: expecting a close");
    assertThatThrownBy(() -> Configuration.parse("\ntrain.batch = ${nowhere}\n", "x.conf"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("x.conf:2: not valid HOCON: ")
        .hasMessageContaining("${nowhere}");
  }

  @Test
  void refusesFilesThatAreNotThere() {
    Path missing = folder.resolve("missing.conf");
    assertThatThrownBy(() -> Configuration.load(missing))
        .hasMessage(
            missing
                + ": no such file; expected the path of a configuration file, such as"
                + " conf/digits.conf");
    assertThatThrownBy(() -> Configuration.load(folder))
        .hasMessage(
            folder
                + ": no file but a folder; expected the path of a configuration file, such as"
                + " conf/digits.conf");
    assertThatThrownBy(() -> Configuration.bundled("nothing", List.of()))
        .hasMessage(
            "nothing: no such configuration; expected one of digits, linear, mnist, mnist-quick,"
                + " glm-gaussian, glm-bernoulli, glm-poisson, glm-multinomial, or the path of a file, such as conf/digits.conf");
    assertThatThrownBy(() -> Configuration.bundled("mnits", List.of()))
        .hasMessageEndingWith("; did you mean mnist?");
  }

  @Test
  void knowsTheNamesOfTheConfigurationsThatComeWithTheProgram() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../conf"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".conf")))
          .containsExactlyInAnyOrderElementsOf(
              ConfigurationReader.BUNDLED.stream().map(name -> name + ".conf").toList());
    }
  }

  @Test
  void namesTheOptionThatSetAValue() {
    Overrides workers = Overrides.NONE.with("cluster.workers", 0, "--workers 0");
    assertThatThrownBy(() -> Configuration.bundled("digits", workers))
        .hasMessageEndingWith("but found 0 at --workers 0");
    Overrides both = workers.with(Overrides.of(List.of("cluster.workers=3")));
    assertThat(Configuration.bundled("digits", both).placeOf("cluster.workers"))
        .isEqualTo("--set cluster.workers=3");
  }

  @Test
  void builderIsCheckedByTheSameRules() {
    assertThatThrownBy(() -> Configuration.builder().dense(0, Activation.RELU).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "network.layers[0].units: expected a whole number of at least 1 but found 0 at"
                + " Configuration.builder().dense(0, RELU)");
    assertThatThrownBy(() -> Configuration.builder().set("train.bacth", 1).build())
        .hasMessage(
            "train.bacth: unknown key at Configuration.builder().set(\"train.bacth\", …); did you"
                + " mean train.batch?");
    assertThatThrownBy(() -> Configuration.builder().batch(4).microBatches(5).build())
        .hasMessage(
            "train.microBatches: expected a whole number from 1 to train.batch (4) or auto but found"
                + " 5 at Configuration.builder().microBatches(5)");
  }

  @Test
  void refusesAnInputWidthThatIsNotTheDatas() {
    var data = new DigitsSource(1, 10, 10).load().train();
    Configuration configuration = Configuration.parse("\n\nnetwork.input = 728", "conf/mnist.conf");

    assertThatThrownBy(() -> configuration.toNetwork(data))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "network.input: expected 784 (the row width of the training data) but found 728 at"
                + " conf/mnist.conf:3");
  }

  @Test
  void refusesAFamilyThatDoesNotFitTheData() {
    var data = new DigitsSource(1, 10, 10).load().train();
    Configuration configuration = Configuration.parse("network.output.family = gaussian", "x.conf");

    assertThatThrownBy(() -> configuration.toNetwork(data))
        .hasMessage(
            "network.output.family: expected categorical or one-hot-squared-error (as digits-train"
                + " has classes) but found gaussian at x.conf:1");
  }

  @Test
  void refusesANetworkThatIsTooLarge() {
    var data = new DigitsSource(1, 10, 10).load().train();
    Configuration configuration =
        Configuration.parse("network.layers = [{ type = dense, units = 2000000000 }]", "x.conf");

    assertThatThrownBy(() -> configuration.toNetwork(data))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("network.layers: dense1.W: expected at most ")
        .hasMessageEndingWith(" at x.conf:1");
  }
}
