package io.lockstep.cluster;

/**
 * A message of the control plane that may travel between nodes. Each of its types is registered in
 * {@link KryoControlSerializer}; nothing else is ever read.
 */
interface ControlMessage {}
