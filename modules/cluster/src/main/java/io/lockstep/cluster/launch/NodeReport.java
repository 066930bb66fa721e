package io.lockstep.cluster.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/**
 * What a host says of itself when it is checked: one line of JSON.
 *
 * @param version of lockstep
 * @param commit of lockstep
 * @param java version of the JVM
 * @param clockMs its clock, milliseconds since 1970
 * @param dataSha256 checksum of the data set; null if it cannot be had
 * @param dataProblem why the data set cannot be had; null if it can
 * @param portProblem why the ports or the address cannot be used; null if they can
 */
public record NodeReport(
    String version,
    String commit,
    String java,
    long clockMs,
    String dataSha256,
    String dataProblem,
    String portProblem) {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** As one line. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException recordsCanBeWritten) {
      throw new IllegalStateException(recordsCanBeWritten);
    }
  }

  /** What a line says; empty if it is no such report. */
  static Optional<NodeReport> parse(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(line, NodeReport.class));
    } catch (JsonProcessingException another) {
      return Optional.empty();
    }
  }
}
