package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records as JSON and back. Numbers that are not finite are the texts NaN, Infinity, -Infinity. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectWriter INDENTED =
      MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private static final ObjectReader WHOLE =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private Json() {}

  /** On one line, without a newline. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException recordsCanBeWritten) {
      throw new IllegalStateException(recordsCanBeWritten);
    }
  }

  /** On many lines, without a newline at the end. */
  public static String indented(Object value) {
    try {
      return INDENTED.writeValueAsString(value);
    } catch (JsonProcessingException recordsCanBeWritten) {
      throw new IllegalStateException(recordsCanBeWritten);
    }
  }

  /**
   * Reads a record; fields that it does not have are ignored.
   *
   * @throws JsonProcessingException if the text is no JSON, or not that of such a record
   */
  public static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(text, type);
  }

  /**
   * As {@link #read}, but no number may be missing: else it is 0.
   *
   * @throws JsonProcessingException as there, and if one is missing
   */
  public static <T> T readWhole(String text, Class<T> type) throws JsonProcessingException {
    return WHOLE.forType(type).readValue(text);
  }
}
