/**
 * Checkpoints: all that a run needs to go on as if it had never stopped, in a folder that is there
 * as a whole or not at all, and known to be undamaged.
 */
package io.lockstep.model.checkpoint;
