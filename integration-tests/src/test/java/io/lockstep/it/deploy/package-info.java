/** What stands in {@code deploy/}: each file is read by a validator or run with stand-ins. */
package io.lockstep.it.deploy;
