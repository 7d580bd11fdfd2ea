package org.cairn.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cairn.platform.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a safetensors header as its bytes arrive. Stricter than the readers of the
 * field in one point: duplicate keys are refused, as the format says, because readers differ in
 * which one wins.
 *
 * <p>Memory: at most {@link TensorTiling#MAX_TENSORS} entries with names of {@link #MAX_NAME}
 * characters; the text of the header is not kept.
 */
final class SafetensorsHeader {

  /** Longest header that readers of the format take, in bytes. */
  static final long MAX_LENGTH = 100_000_000;

  /** Longest name of a tensor, and longest text of a field, in characters. */
  static final int MAX_NAME = 1_000;

  /** Most axes of a tensor: NumPy's and PyTorch's bound. */
  static final int MAX_RANK = 64;

  /** Most characters of all metadata together. */
  static final int MAX_METADATA = 1 << 20;

  /**
   * Longest token in bytes: a text of the metadata. The parser holds its own limit against a number
   * only when the number is complete, and would gather a hundred million digits until then.
   */
  private static final int MAX_TOKEN = 6 * MAX_METADATA;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(MAX_METADATA)
                  .maxNameLength(MAX_NAME * 4)
                  .maxNumberLength(20)
                  .build())
          .build();

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final TensorTiling tensors;
  private final Map<String, String> metadata = new TreeMap<>();
  private int metadataLength;

  /** Bytes since the last token was complete. */
  private int incomplete;

  // Where the parser is: the key of the outer object, the field of the inner one.
  private @Nullable String key;
  private String field = "";
  private @Nullable String dtype;
  private @Nullable List<Long> shape;
  private @Nullable List<Long> offsets;
  private @Nullable List<Long> list;
  private int depth;
  private boolean ended;

  /**
   * @param dataSize bytes that follow the header in the file
   */
  SafetensorsHeader(long dataSize) throws IOException {
    this.tensors = new TensorTiling(dataSize);
    this.parser = JSON.createNonBlockingByteArrayParser();
    this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /** Takes the next bytes of the header. */
  void feed(byte[] bytes, int offset, int length) throws MalformedSafetensorsException {
    if (length == 0) {
      return;
    }
    if (!ended && incomplete > MAX_TOKEN) {
      throw new MalformedSafetensorsException(
          "the header has a text, a number or a gap of more than " + MAX_TOKEN + " bytes");
    }
    incomplete += Math.min(length, MAX_TOKEN); // no overflow
    try {
      feeder.feedInput(bytes, offset, offset + length);
      drain();
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read here", e);
    }
  }

  /** After the last byte: the tensors in the order of their bytes. */
  List<TensorEntry> finish() throws MalformedSafetensorsException {
    try {
      feeder.endOfInput();
      drain();
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read here", e);
    }
    if (!ended) {
      throw new MalformedSafetensorsException("the header is not a whole JSON object");
    }
    return tensors.finish();
  }

  /** What the writer of the file says about it. */
  Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  private void drain() throws IOException, MalformedSafetensorsException {
    for (JsonToken token; (token = parser.nextToken()) != null; ) {
      if (token == JsonToken.NOT_AVAILABLE) {
        return;
      }
      incomplete = 0;
      take(token);
    }
  }

  private void take(JsonToken token) throws IOException, MalformedSafetensorsException {
    if (ended) {
      throw new MalformedSafetensorsException("something follows the JSON object of the header");
    }
    switch (token) {
      case START_OBJECT -> begin();
      case END_OBJECT -> end();
      case FIELD_NAME -> name(parser.currentName());
      case START_ARRAY -> {
        if (depth != 2 || list != null || isMetadata()) {
          throw misplaced();
        }
        list = new ArrayList<>(4);
      }
      case END_ARRAY -> {
        if (field.equals("shape")) {
          shape = list;
        } else if (field.equals("data_offsets")) {
          offsets = list;
        } else {
          throw misplaced();
        }
        list = null;
      }
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT -> number();
      default -> throw misplaced();
    }
  }

  private void begin() throws MalformedSafetensorsException {
    if (list != null || depth == 2 || (depth == 1 && key == null)) {
      throw misplaced();
    }
    depth++;
    dtype = null;
    shape = null;
    offsets = null;
  }

  private void end() throws MalformedSafetensorsException {
    if (depth-- == 1) {
      ended = true;
    } else if (!isMetadata()) {
      add();
    }
  }

  private boolean isMetadata() {
    return "__metadata__".equals(key);
  }

  private void name(String name) throws MalformedSafetensorsException {
    checkText(name);
    if (name.length() > MAX_NAME) {
      throw new MalformedSafetensorsException(
          "the header has a name of more than " + MAX_NAME + " characters");
    }
    if (depth == 1) {
      key = name;
    } else {
      field = name;
      if (!isMetadata()
          && !field.equals("dtype")
          && !field.equals("shape")
          && !field.equals("data_offsets")) {
        throw new MalformedSafetensorsException(
            "tensor %s has the field %s, which the format does not know"
                .formatted(quoted(key), quoted(field)));
      }
    }
  }

  private void text(String text) throws MalformedSafetensorsException {
    checkText(text);
    if (depth == 2 && isMetadata()) {
      metadataLength += field.length() + text.length();
      if (metadataLength > MAX_METADATA) {
        throw new MalformedSafetensorsException(
            "the metadata have more than " + MAX_METADATA + " characters");
      }
      metadata.put(field, text);
    } else if (depth == 2 && list == null && field.equals("dtype")) {
      if (text.isEmpty() || text.length() > 32) {
        throw new MalformedSafetensorsException(
            "tensor " + quoted(key) + " has a dtype that is not 1 to 32 characters long");
      }
      dtype = text;
    } else {
      throw misplaced();
    }
  }

  private void number() throws IOException, MalformedSafetensorsException {
    var numbers = list;
    if (numbers == null) {
      throw misplaced();
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
      throw new MalformedSafetensorsException(
          "%s of tensor %s has a number outside 0 to 2^63-1".formatted(field, quoted(key)));
    }
    if (numbers.size() == MAX_RANK) {
      throw new MalformedSafetensorsException(
          "%s of tensor %s has more than %d numbers".formatted(field, quoted(key), MAX_RANK));
    }
    numbers.add(parser.getLongValue());
  }

  private void add() throws MalformedSafetensorsException {
    var name = String.valueOf(key);
    if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new MalformedSafetensorsException(
          "tensor " + quoted(name) + " needs dtype, shape and two data_offsets");
    }
    tensors.add(
        new TensorEntry(name, dtype, List.copyOf(shape), offsets.getFirst(), offsets.getLast()));
  }

  /** What neither a database nor a file of JSON can hold: NUL, and halves of characters. */
  private static void checkText(String text) throws MalformedSafetensorsException {
    if (!JsonLimits.faultOfText(text).isEmpty()) {
      throw new MalformedSafetensorsException("the header has a text that is not Unicode");
    }
  }

  private MalformedSafetensorsException misplaced() {
    return new MalformedSafetensorsException(
        key == null
            ? "the header is not a JSON object of tensors"
            : "the entry " + quoted(key) + " of the header is not one of the format");
  }

  private MalformedSafetensorsException notJson(JsonProcessingException e) {
    var message = String.valueOf(e.getOriginalMessage());
    return new MalformedSafetensorsException(
        message.startsWith("Duplicate")
            ? "the header has a key twice"
            : "the header is not JSON, or beyond its limits, at byte "
                + parser.currentLocation().getByteOffset());
  }

  static String quoted(@Nullable String name) {
    var text = String.valueOf(name);
    return "\"" + (text.length() <= 100 ? text : text.substring(0, 100) + "…") + "\"";
  }
}
