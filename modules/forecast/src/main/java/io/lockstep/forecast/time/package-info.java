/**
 * Virtual time: the queue of what happens, threads and the cores that they share, and what is drawn
 * by lot. Times are whole nanoseconds from the begin of a simulation. All of it is used by one
 * thread.
 */
package io.lockstep.forecast.time;
