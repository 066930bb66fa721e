package io.lockstep.data;

/**
 * A data set as it is published: rows to learn from, and rows to test with.
 *
 * @param train rows to learn from
 * @param test rows to test with
 * @param origin where they come from, for people: a folder, or how they were generated
 */
public record TrainTest(Dataset train, Dataset test, String origin) {}
