package io.lockstep;

import io.lockstep.model.RunSummary.Score;

/**
 * An epoch that ended.
 *
 * @param epoch from 1
 * @param epochs epochs of the whole run
 * @param step steps taken
 * @param train over the rows of this epoch as they were trained on, with dropout on
 * @param validation over the validation rows after the epoch; null without such rows
 * @param learningRate of the last step
 * @param seconds since the first step began
 * @param samplesPerSecond rows of this epoch per second of it, its validation included; of an epoch
 *     that a resumed run goes on with, the rows and the time since then
 * @param whole whether it has seen all rows; false where {@code train.maxSteps} cut it off
 */
public record EpochReport(
    int epoch,
    int epochs,
    long step,
    Score train,
    Score validation,
    double learningRate,
    double seconds,
    double samplesPerSecond,
    boolean whole) {}
