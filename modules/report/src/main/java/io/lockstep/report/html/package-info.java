/** Pages of text, tables and drawings, each one file that needs no other, and no script. */
package io.lockstep.report.html;
