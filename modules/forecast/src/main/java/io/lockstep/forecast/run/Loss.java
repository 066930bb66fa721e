package io.lockstep.forecast.run;

/**
 * What a death costs a run.
 *
 * @param nanos by which the steps that follow are later than without it
 */
public record Loss(long nanos) {}
