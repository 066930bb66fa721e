/**
 * A run's folder: resolved configuration, metrics, weights as safetensors, and {@code run.json}.
 *
 * <pre>
 *   config.conf          the configuration with all defaults filled in
 *   metrics.jsonl        one JSON object a line, as the run goes on
 *   checkpoints/         what a run goes on from, see package checkpoint
 *   weights.safetensors  one tensor for each range of θ, canonical
 *   trace.json           a timeline of some steps, where it was asked for
 *   run.json             what came out, and on what machine
 * </pre>
 */
package io.lockstep.model;
