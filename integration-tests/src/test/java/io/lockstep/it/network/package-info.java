/** Several hosts on one machine, as network namespaces, for tests with real processes. */
package io.lockstep.it.network;
