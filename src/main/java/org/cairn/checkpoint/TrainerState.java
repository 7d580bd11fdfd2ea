package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far training had got, as training programs write it beside the weights that they save: {@code
 * global_step} and {@code num_input_tokens_seen} of {@code trainer_state.json}, by which {@code
 * transformers} resumes.
 *
 * @param step updates done; null where it is not said
 * @param tokens seen by the model; null where nobody counted them
 */
public record TrainerState(@Nullable Long step, @Nullable Long tokens) {

  /** Path of the file. */
  public static final String FILE = "trainer_state.json";

  /** Losses that are no numbers are written as NaN, which is no JSON but what Python writes. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Empty where the file is no such state, or says nothing. */
  static Optional<TrainerState> parse(InputStream file) throws IOException {
    Long step = null;
    Long tokens = null;
    try (var parser = JSON.createParser(file)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var token = parser.nextToken();
        switch (name) {
          case "global_step" -> step = count(parser, token);
          case "num_input_tokens_seen" -> tokens = count(parser, token);
          default -> parser.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    // Where nobody counts, transformers writes that none were seen.
    if (tokens != null && tokens == 0 && (step == null || step > 0)) {
      tokens = null;
    }
    return step == null && tokens == null
        ? Optional.empty()
        : Optional.of(new TrainerState(step, tokens));
  }

  private static @Nullable Long count(JsonParser parser, JsonToken token) throws IOException {
    parser.skipChildren();
    if (token != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0) {
      return null;
    }
    return parser.getLongValue();
  }
}
