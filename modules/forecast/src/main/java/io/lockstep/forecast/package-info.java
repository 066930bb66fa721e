/**
 * Forecasts of runs on machines that are not there: the state machines of {@code training} in
 * virtual time, each in one thread, the same for the same seed. Knows neither actors nor sockets.
 */
package io.lockstep.forecast;
