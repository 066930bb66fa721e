/**
 * Lockstep beside its peers: one command that measures both in the same minutes, in turn, on a
 * machine that is seen to be quiet, and writes the table that the documentation shows.
 *
 * <p>Whatever is measured is a {@link io.lockstep.benchmarks.peers.Contestant}: a process that is
 * warm, waits for a line, does what it says and answers with a number. So one JVM never compiles
 * for another's measurement, and what waits takes no core. {@link
 * io.lockstep.benchmarks.peers.Turns} asks them round by round. Each {@link
 * io.lockstep.benchmarks.peers.Part} is one comparison.
 */
package io.lockstep.benchmarks.peers;
