package io.lockstep.cluster;

/**
 * What a node tells of itself when it registers.
 *
 * @param name of the node
 * @param slots its workers; 0 if it computes nothing
 * @param shards the most shards that it can hold; 0 if none
 */
record NodeInfo(String name, int slots, int shards) {}
