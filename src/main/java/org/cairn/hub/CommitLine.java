package org.cairn.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of a commit. What a file holds is not read with the rest: it is most of the line, and how
 * it is written may be said behind it.
 */
final class CommitLine {

  private static final String CONTENT = "content";

  /** The limit of the texts is that of the line. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNameLength(1_000)
                  .maxStringLength(CommitReader.LINE_MAX)
                  .build())
          .build();

  private final String key;
  private final Map<String, String> fields;
  private final byte[] json;

  private CommitLine(String key, Map<String, String> fields, byte[] json) {
    this.key = key;
    this.fields = fields;
    this.json = json;
  }

  static CommitLine parse(byte[] json) {
    try (var parser = JSON.createParser(json)) {
      String key = null;
      var fields = new HashMap<String, String>();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var token = parser.nextToken();
        if (name.equals("key") && token == JsonToken.VALUE_STRING) {
          key = parser.getText();
        } else if (name.equals("value") && token == JsonToken.START_OBJECT) {
          read(parser, fields);
        } else {
          parser.skipChildren();
        }
      }
      if (key == null
          || parser.currentToken() != JsonToken.END_OBJECT
          || parser.nextToken() != null) {
        throw malformed();
      }
      return new CommitLine(key, fields, json);
    } catch (JsonProcessingException e) {
      throw malformed();
    } catch (IOException e) {
      throw new IllegalStateException("An array cannot be read", e);
    }
  }

  private static void read(JsonParser parser, Map<String, String> fields) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      if (name.equals(CONTENT)) {
        parser.skipChildren();
      } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        fields.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
    }
  }

  private static HubException malformed() {
    return new HubException(400, "A line of the commit is no JSON object with a key and a value");
  }

  /** What is to be done. */
  String key() {
    return key;
  }

  /** A text or a number of the value; the content is none of them. */
  @Nullable String field(String name) {
    return fields.get(name);
  }

  String required(String name) {
    var value = fields.get(name);
    if (value == null) {
      throw new HubException(400, "A line " + key + " has no " + name);
    }
    return value;
  }

  /** What the file of this line holds. */
  byte[] content() {
    var encoding = fields.getOrDefault("encoding", "base64");
    try (var parser = JSON.createParser(json)) {
      int depth = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.VALUE_STRING
            && depth == 2
            && CONTENT.equals(parser.currentName())) {
          return switch (encoding) {
            case "base64" -> base64(parser);
            case "utf-8" -> parser.getText().getBytes(StandardCharsets.UTF_8);
            default -> throw new HubException(400, "encoding: can be base64 or utf-8");
          };
        }
      }
    } catch (JsonProcessingException e) {
      throw invalidContent();
    } catch (IOException e) {
      throw new IllegalStateException("An array cannot be read", e);
    }
    throw new HubException(400, "A line " + key + " has no content");
  }

  private byte[] base64(JsonParser parser) throws IOException {
    var bytes = new ByteArrayOutputStream(json.length / 4 * 3 + 3);
    try {
      parser.readBinaryValue(bytes);
    } catch (IllegalArgumentException e) {
      throw invalidContent();
    }
    return bytes.toByteArray();
  }

  private HubException invalidContent() {
    return new HubException(400, "The content of " + field("path") + " is not base64");
  }
}
