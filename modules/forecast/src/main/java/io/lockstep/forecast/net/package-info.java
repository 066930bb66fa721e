/** Networks in virtual time: what a link lets through, shared among those who use it. */
package io.lockstep.forecast.net;
