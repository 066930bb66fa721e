package io.lockstep.report.scale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where workers and parameter servers run, and what travels between them.
 *
 * @param places where they are
 * @param workersPerNode workers of each process that has any; 0 in one process, which has all
 * @param standbys whether servers have standbys
 * @param gradients how gradients travel, as {@code train.gradients} has it
 */
public record Deployment(Places places, int workersPerNode, boolean standbys, String gradients) {

  /** Where they are. */
  public enum Places {
    /** Nothing travels. */
    ONE_PROCESS("one process"),
    /** These share its cores, and memory. */
    ONE_MACHINE("processes of one machine"),
    /** A machine for each process, with links between them. */
    MACHINES("machines of their own");

    private final String word;

    Places(String word) {
      this.word = word;
    }

    /** As in files, and for people. */
    @JsonValue
    public String word() {
      return word;
    }
  }
}
