/**
 * The actors of a run: a coordinator, its workers and its parameter servers, around the state
 * machines of {@link io.lockstep.training}. They own the life of replicas and shards; the bytes of
 * a step never pass through a mailbox.
 *
 * <p>The only place with Akka.
 */
package io.lockstep.cluster;
