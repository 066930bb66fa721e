package io.lockstep.it.sample;

import io.lockstep.EpochReport;
import io.lockstep.Model;
import io.lockstep.TrainedModel;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.config.Configuration;
import io.lockstep.data.Dataset;
import io.lockstep.kernels.Activation;
import java.nio.file.Path;

/**
 * Trains a network on the drawn digits with two workers, loads what it left, and predicts with it.
 */
public final class TrainDigits {

  private TrainDigits() {}

  /** Trains into the new folder {@code args[0]}; returns the predicted class of a blank image. */
  public static int train(String... args) {
    Path folder = Path.of(args[0]);
    Configuration configuration =
        Configuration.builder()
            .data("digits")
            .dense(64, Activation.RELU)
            .epochs(2)
            .workers(2)
            .build();
    TrainingListener progress =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport epoch) {
            System.out.printf("epoch %d: loss %.3f%n", epoch.epoch(), epoch.validation().loss());
          }
        };
    TrainedModel trained = Training.create(configuration).addListener(progress).run(folder);
    System.out.println("test accuracy " + trained.summary().test().accuracy());

    Model model = Model.load(folder);
    return model.classify(Dataset.unlabelled("blank", 1, 784, new float[784]))[0];
  }
}
