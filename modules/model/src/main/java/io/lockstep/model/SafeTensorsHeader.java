package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.model.SafeTensors.Written;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a safetensors file, checked.
 *
 * @param entries in the order of their data, which have neither gaps nor overlaps
 * @param metadata texts by key
 */
record SafeTensorsHeader(List<Entry> entries, Map<String, String> metadata) {

  static final String METADATA = "__metadata__";

  /** What the format allows. */
  static final long MOST_BYTES = 100_000_000;

  private static final int ALIGNMENT = 8;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A tensor's place; {@code begin} counts in bytes from the end of the header. */
  record Entry(String name, List<Integer> shape, long begin, int length) {}

  /** Product of the sizes, or -1 if it is more than an array can hold. */
  static long product(List<Integer> shape) {
    long product = 1;
    for (int size : shape) {
      product *= size;
      if (product > Integer.MAX_VALUE) {
        return shape.contains(0) ? 0 : -1;
      }
    }
    return product;
  }

  /** The length and the header, ready to be written. */
  static ByteBuffer encode(List<Written> tensors, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode texts = root.putObject(METADATA);
    metadata.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(text -> texts.put(text.getKey(), text.getValue()));
    long begin = 0;
    for (Written tensor : tensors) {
      if (root.has(tensor.name())) {
        throw new IllegalArgumentException("tensor " + tensor.name() + ": the name is there twice");
      }
      long end = begin + Float.BYTES * product(tensor.shape());
      ObjectNode entry = root.putObject(tensor.name()).put("dtype", "F32");
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    return padded(root);
  }

  private static ByteBuffer padded(ObjectNode root) {
    byte[] json;
    try {
      json = JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException treesCanBeWritten) {
      throw new AssertionError(treesCanBeWritten);
    }
    int length = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  static long checkLength(Path file, long length, long fileBytes) {
    long most = Math.min(MOST_BYTES, fileBytes - Long.BYTES);
    if (length < 2 || length > most) {
      throw new ModelException(
          "%s: expected a header length from 2 to %d but found %s; this is no safetensors file, or it is cut off"
              .formatted(file, most, Long.toUnsignedString(length)));
    }
    return length;
  }

  static SafeTensorsHeader decode(Path file, byte[] json, long dataBytes) {
    JsonNode root = parse(file, json);
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        metadata.putAll(metadata(file, field.getValue()));
      } else {
        entries.add(entry(file, field.getKey(), field.getValue(), dataBytes));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingInt(Entry::length));
    checkContiguous(file, entries, dataBytes);
    return new SafeTensorsHeader(entries, metadata);
  }

  private static JsonNode parse(Path file, byte[] json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException malformed) {
      String what =
          malformed instanceof JsonProcessingException problem
              ? problem.getOriginalMessage()
              : malformed.getMessage();
      throw new ModelException(file + ": the header is not valid JSON: " + what, malformed);
    }
    if (!root.isObject() || json[0] != '{') {
      throw new ModelException(file + ": expected a JSON object as the header but found none");
    }
    return root;
  }

  private static Map<String, String> metadata(Path file, JsonNode node) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (!node.isObject()) {
      throw new ModelException(
          "%s: %s: expected texts by key but found %s".formatted(file, METADATA, node));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new ModelException(
            "%s: %s: expected a text for %s but found %s"
                .formatted(file, METADATA, field.getKey(), field.getValue()));
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static Entry entry(Path file, String name, JsonNode node, long dataBytes) {
    requireKeys(file, name, node);
    if (!node.path("dtype").asText().equals("F32")) {
      throw wrong(file, name, "dtype \"F32\"", node.path("dtype"));
    }
    List<Integer> shape = shape(file, name, node.path("shape"));
    JsonNode offsets = node.path("data_offsets");
    if (!offsets.isArray()
        || offsets.size() != 2
        || !offsets.get(0).isIntegralNumber()
        || !offsets.get(1).isIntegralNumber()) {
      throw wrong(file, name, "data_offsets of two whole numbers", offsets);
    }
    long begin = offsets.get(0).canConvertToLong() ? offsets.get(0).longValue() : -1;
    long end = offsets.get(1).canConvertToLong() ? offsets.get(1).longValue() : -1;
    if (begin < 0 || end < begin || end > dataBytes) {
      throw wrong(file, name, "data_offsets within the " + dataBytes + " bytes of data", offsets);
    }
    long length = product(shape);
    if (length < 0 || length * Float.BYTES != end - begin) {
      throw wrong(
          file, name, "data_offsets that span 4 bytes for each value of shape " + shape, offsets);
    }
    return new Entry(name, shape, begin, (int) length);
  }

  private static void requireKeys(Path file, String name, JsonNode node) {
    Set<String> keys = new HashSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    if (!keys.equals(Set.of("dtype", "shape", "data_offsets"))) {
      throw wrong(file, name, "an object of dtype, shape and data_offsets", node);
    }
  }

  private static List<Integer> shape(Path file, String name, JsonNode node) {
    List<Integer> shape = new ArrayList<>();
    boolean fits = node.isArray();
    for (JsonNode size : node) {
      fits &= size.isIntegralNumber() && size.canConvertToInt() && size.intValue() >= 0;
      shape.add(size.asInt());
    }
    if (!fits) {
      throw wrong(file, name, "a shape of whole numbers from 0 to 2147483647", node);
    }
    return shape;
  }

  private static void checkContiguous(Path file, List<Entry> entries, long dataBytes) {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        throw new ModelException(
            "%s: tensor %s: expected its data to begin at %d, where those before it end, but found %d"
                .formatted(file, entry.name(), end, entry.begin()));
      }
      end += (long) Float.BYTES * entry.length();
    }
    if (end != dataBytes) {
      throw new ModelException(
          "%s: expected %d bytes of data, as the header says, but found %d"
              .formatted(file, end, dataBytes));
    }
  }

  private static ModelException wrong(Path file, String name, String expected, JsonNode found) {
    String text = found.isMissingNode() ? "none" : found.toString();
    String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
    return new ModelException(
        "%s: tensor %s: expected %s but found %s".formatted(file, name, expected, shown));
  }
}
