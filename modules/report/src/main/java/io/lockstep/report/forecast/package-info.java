/**
 * What runs on machines that are not there are predicted to be like, as tables, pictures and a
 * page, beside what was measured.
 */
package io.lockstep.report.forecast;
