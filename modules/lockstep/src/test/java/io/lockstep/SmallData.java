package io.lockstep;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.data.DigitsSource;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.data.TrainTest;
import io.lockstep.kernels.Activation;

/** A few drawn digits, and a network that trains on them in a moment. */
final class SmallData {

  static final Partitions DIGITS = digits();

  private SmallData() {}

  private static Partitions digits() {
    TrainTest sets = new DigitsSource(1, 600, 200).load();
    return Partitions.of(
        sets.train(), sets.test(), new Split(0.1, SplitMethod.LAST, 0), Scaling.Kind.UNIT);
  }

  static ConfigurationBuilder configuration() {
    return Configuration.builder().dense(24, Activation.RELU).batch(64).epochs(2).workers(2);
  }

  static Training training(ConfigurationBuilder configuration) {
    return Training.create(configuration.build(), DIGITS);
  }
}
