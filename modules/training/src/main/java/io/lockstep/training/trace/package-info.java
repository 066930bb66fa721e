/**
 * A timeline of some steps of a run: who did what and when, in every thread of every node. While it
 * is off, each place that would tell of something reads one field.
 *
 * <p>{@link io.lockstep.training.trace.Tracer} notes events where they happen, a {@link
 * io.lockstep.training.trace.NodeTrace} is what a node has noted, a {@link
 * io.lockstep.training.trace.RunTrace} what came of all nodes, on one clock, and {@link
 * io.lockstep.training.trace.TraceFile} writes that as Chrome's trace event format.
 */
package io.lockstep.training.trace;
