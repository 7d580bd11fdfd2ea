package org.cairn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cairn.platform.JsonLimits;

/** JSON of the client: read within the limits of the service, written compactly. */
final class Json {

  /** Largest document: a page of 2,000 checkpoints with their files. */
  static final long LARGEST = 256L << 20;

  static final ObjectMapper MAPPER = mapper();

  private Json() {}

  private static ObjectMapper mapper() {
    var mapper = JsonLimits.mapper();
    // What a service may be asked is bounded more tightly than what it may answer.
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(JsonLimits.DEPTH)
                .maxStringLength(JsonLimits.STRING)
                .maxNumberLength(100)
                .maxNameLength(4_000)
                .maxDocumentLength(LARGEST)
                .build());
    return mapper;
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static byte[] bytes(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8);
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /**
   * Reads a document from a file.
   *
   * @throws JsonProcessingException where it is not JSON
   */
  static JsonNode read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return MAPPER.readTree(in);
    }
  }
}
