/**
 * A training cluster in virtual time: what decides in a run (its course, shards, exchanges of nodes
 * and replicas that never wait) is the same code as in a real one; what takes time (computing,
 * adding, updating, sending, networks) only costs as much as was measured.
 *
 * <p>Nodes may die in it. Shards, their standbys and the coordinator then decide as in a real run;
 * what is known of the cluster's own verdict is only how long it takes.
 */
package io.lockstep.forecast.run;
