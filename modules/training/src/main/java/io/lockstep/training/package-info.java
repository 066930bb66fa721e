/**
 * The training step as plain state machines, without actors or sockets: micro-batches, the
 * reduction tree, the plan, the replica of a worker, the shard of a parameter server, versions and
 * commit, and the {@link io.lockstep.training.Exchange} between replica and shard with its
 * in-process form. {@link io.lockstep.training.Median}, by which speeds are judged here, also
 * serves those who measure in the modules above.
 */
package io.lockstep.training;
