package io.lockstep.forecast;

/**
 * The smallest cluster that is fast enough, if there is one.
 *
 * @param prediction of it; else of the fastest that was tried
 * @param found whether it is fast enough
 * @param mostNodes that have anything to do, since micro-batches are not divided
 */
public record SmallestCluster(Prediction prediction, boolean found, int mostNodes) {}
