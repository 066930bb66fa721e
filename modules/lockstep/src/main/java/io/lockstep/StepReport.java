package io.lockstep;

/**
 * Where a run stands.
 *
 * @param step steps taken
 * @param stepsTotal steps of the whole run
 * @param epoch the current epoch, from 1
 * @param epochs epochs of the whole run
 * @param loss mean loss of the rows since the report before (a regular one: since the regular one
 *     before), with dropout on
 * @param accuracy share of these rows classified rightly; NaN for regression
 * @param learningRate of the last step
 * @param samplesPerSecond rows trained per second since the report before
 * @param seconds since the first step began
 * @param secondsLeft estimated from the run so far
 * @param regular whether this is one of each {@code train.reportEvery} steps, rather than one for
 *     the display
 */
public record StepReport(
    long step,
    long stepsTotal,
    int epoch,
    int epochs,
    double loss,
    double accuracy,
    double learningRate,
    double samplesPerSecond,
    double seconds,
    double secondsLeft,
    boolean regular) {}
