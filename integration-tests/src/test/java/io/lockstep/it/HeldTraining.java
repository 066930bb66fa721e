package io.lockstep.it;

import io.lockstep.RunInfo;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.config.Configuration;
import java.nio.file.Path;

/** A process that trains, stands still after some steps, says so, and waits to be killed. */
final class HeldTraining {

  private HeldTraining() {}

  /**
   * @param arguments the configuration's file, the folder of the run, the steps
   */
  public static void main(String[] arguments) {
    Training training = Training.create(Configuration.load(Path.of(arguments[0])));
    training.addListener(
        new TrainingListener() {
          @Override
          public void onStart(RunInfo run) {
            training.hold(Long.parseLong(arguments[2]));
          }

          @Override
          public void onHeld(long version) {
            System.out.println("held");
          }
        });
    training.run(Path.of(arguments[1]));
  }
}
