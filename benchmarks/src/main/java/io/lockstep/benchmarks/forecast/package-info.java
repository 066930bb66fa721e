/**
 * Forecasts beside what is measured: runs on emulated networks, whose nodes send real frames of the
 * real protocol and wait in the place of computing, and runs of the command on this machine.
 */
package io.lockstep.benchmarks.forecast;
