/** Tests of the whole product: real data, real processes, the promise of equal bits. */
package io.lockstep.it;
