/**
 * What a Java program embeds: {@link io.lockstep.Training} runs a configuration and tells its
 * listeners, {@link io.lockstep.Model} predicts with what was learned.
 *
 * <p>No global state, nothing printed, no exit of the JVM.
 */
package io.lockstep;
