package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which shard holds which tensor: the {@code model.safetensors.index.json} of Transformers.
 *
 * @param weightMap file name, in the folder of the index, by tensor name
 * @param totalSize bytes of all tensors, where the index says so
 */
record ShardIndex(Map<String, String> weightMap, @Nullable Long totalSize) {

  /** Longest index that is read, in bytes. */
  static final int MAX_BYTES = 64 << 20;

  /** Most tensors of an index. */
  static final int MAX_TENSORS = 400_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxStringLength(1 << 20)
                  .maxNameLength(4_000)
                  .maxNumberLength(100)
                  .build())
          .build();

  /** Says why bytes are not a shard index. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  static ShardIndex parse(byte[] bytes) throws MalformedException {
    try (var parser = JSON.createParser(bytes)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
      Map<String, String> map = null;
      Long size = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var field = parser.currentName();
        var token = parser.nextToken();
        if (field.equals("weight_map")) {
          map = weightMap(parser, token);
        } else if (field.equals("metadata") && token == JsonToken.START_OBJECT) {
          size = totalSize(parser);
        } else {
          parser.skipChildren();
        }
      }
      expect(parser.nextToken() == null, "something follows its JSON object");
      if (map == null) {
        throw new MalformedException("it has no weight_map");
      }
      return new ShardIndex(map, size);
    } catch (JsonProcessingException e) {
      throw new MalformedException(
          "it is not JSON, has a key twice, or is beyond the limits, at byte "
              + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset()));
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read here", e);
    }
  }

  private static Map<String, String> weightMap(JsonParser parser, JsonToken first)
      throws IOException, MalformedException {
    expect(first == JsonToken.START_OBJECT, "its weight_map is not a JSON object");
    var map = new LinkedHashMap<String, String>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var tensor = parser.currentName();
      expect(
          parser.nextToken() == JsonToken.VALUE_STRING, "its weight_map has more than file names");
      expect(map.size() < MAX_TENSORS, "it names more than " + MAX_TENSORS + " tensors");
      map.put(tensor, parser.getText());
    }
    return map;
  }

  /** Some writers put a decimal here; that one is left out, as is one that is not a number. */
  private static @Nullable Long totalSize(JsonParser parser) throws IOException {
    Long size = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean named = parser.currentName().equals("total_size");
      if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT
          && named
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        size = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
    }
    return size;
  }

  private static void expect(boolean condition, String otherwise) throws MalformedException {
    if (!condition) {
      throw new MalformedException(otherwise);
    }
  }
}
