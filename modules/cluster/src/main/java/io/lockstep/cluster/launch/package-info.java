/**
 * Starts and owns the processes of a run, on this machine and over ssh: hosts file, plan, checks,
 * command lines, processes and the leash that ends them with their launcher. Plain Java; what the
 * processes then do together is the business of the package above.
 */
package io.lockstep.cluster.launch;
