/**
 * Who belongs to a cluster: its key, the certificates made from it, and the file it is kept in.
 * Plain Java, used by control plane and data plane alike.
 */
package io.lockstep.cluster.keys;
