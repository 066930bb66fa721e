/**
 * Measures what a forecast has to know of a model and of this machine: passes by several threads,
 * and what parameter servers compute.
 */
package io.lockstep.forecast.profile;
