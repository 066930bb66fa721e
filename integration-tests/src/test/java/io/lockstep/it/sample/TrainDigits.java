package io.lockstep.it.sample;

import io.lockstep.EpochReport;
import io.lockstep.Model;
import io.lockstep.TrainedModel;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.config.Configuration;
import io.lockstep.kernels.Activation;
import java.nio.file.Path;

/** Trains on drawn digits with two workers, and predicts with what the run has left. */
public final class TrainDigits {

  public static void main(String... args) {
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

    Model model = Model.load(folder); // thread-safe
    float[] probabilities = model.predict(new float[784]);
    System.out.println("a blank image shows a 1 with probability " + probabilities[1]);
  }
}
