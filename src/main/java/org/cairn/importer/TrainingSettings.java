package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;
import org.cairn.run.BatchPoint;
import org.cairn.run.BatchSchedule;
import org.cairn.run.EdgeKind;
import org.cairn.run.Loads;

/**
 * What a configuration says of the training, in whichever dialect.
 *
 * @param name of the configuration, as it is told in findings
 * @param values scalars by their keys: in lower case with _ for -, joined by dots
 */
record TrainingSettings(
    String name, Optional<Dialect> dialect, SequencedMap<String, JsonNode> values) {

  private static final JsonNode NONE = MissingNode.getInstance();

  /** Longest key that is kept: joined, those of a small file may be longer than all memory. */
  private static final int KEY_MAX = 1_000;

  /** Longest count, in characters: whatever its exponent, a number of more digits is none. */
  private static final int DIGITS = 40;

  static TrainingSettings of(String name, ObjectNode resolved) {
    var values = new LinkedHashMap<String, JsonNode>();
    flatten("", resolved, values);
    return new TrainingSettings(name, Dialect.of(values), values);
  }

  private static void flatten(String prefix, JsonNode node, Map<String, JsonNode> values) {
    node.properties()
        .forEach(field -> {
          var key = prefix + field.getKey().toLowerCase(Locale.ROOT).replace('-', '_');
          if (key.length() > KEY_MAX) {
            return;
          }
          if (field.getValue().isObject()) {
            flatten(key + ".", field.getValue(), values);
          } else if (!field.getValue().isNull()) {
            values.putIfAbsent(key, field.getValue());
          }
        });
  }

  /** The address of the checkpoint that training begins with. */
  Optional<String> parent() {
    return setting("parent");
  }

  /** Tokens that a step reads; empty where the configuration leaves that to the machine. */
  Optional<Long> tokensPerStep() {
    return count("sequencesPerStep")
        .flatMap(
            sequences -> sequenceLength().map(length -> Math.multiplyExact(sequences, length)));
  }

  Optional<Long> sequenceLength() {
    return count("sequenceLength");
  }

  /**
   * The training that it is of, as a stretch from step 0.
   *
   * @param configuration place of its file among those of the import
   */
  Stretch stretch(ImportOptions options, int configuration) {
    var sequences = count("sequencesPerStep");
    var length = sequenceLength();
    var number = StageNames.number(Reading.baseName(name));
    return new Stretch(
        Reading.fileRun(name),
        options.stage() != null
            ? options.stage()
            : number.isPresent() ? "stage" + number.getAsLong() : "",
        Objects.requireNonNullElse(options.branch(), ""),
        0,
        null,
        configuration,
        sequences.isEmpty() || length.isEmpty()
            ? null
            : new BatchSchedule(List.of(new BatchPoint(0, sequences.get(), length.get()))),
        parent()
            .filter(address -> address.length() <= ListedCheckpoint.ADDRESS_MAX)
            .map(address ->
                new Stretch.Parent(
                    address,
                    LabelGrammars.parse(address).map(ParsedLabel::step).orElse(null),
                    EdgeKind.FORK,
                    new Loads(true, null, null, null, null)))
            .orElse(null));
  }

  /** Updates that moved nothing, since the learning rate was zero. */
  Set<Long> restingUpdates() {
    return dialect
        .flatMap(words -> Optional.ofNullable(words.rest()))
        .filter(rest -> values.getOrDefault(rest.setting(), NONE).asDouble() > 0)
        .map(rest -> Set.copyOf(rest.updates()))
        .orElse(Set.of());
  }

  /** Any of the settings that {@code dialects.json} has a name for, as it is written. */
  Optional<String> setting(String named) {
    if (dialect.isEmpty()) {
      return Optional.empty();
    }
    if (named.equals("precision")) {
      var on =
          dialect.get().precisionFlags().entrySet().stream()
              .filter(flag -> values.getOrDefault(flag.getKey(), NONE).asBoolean())
              .map(Map.Entry::getValue)
              .findFirst();
      if (on.isPresent()) {
        return on;
      }
    }
    return dialect.get().settings().getOrDefault(named, List.of()).stream()
        .flatMap(key -> Stream.ofNullable(values.get(key)))
        .map(JsonNode::asText)
        .findFirst();
  }

  /** Of a setting that counts something; at most 31 bits, so that products of two fit. */
  private Optional<Long> count(String named) {
    try {
      return setting(named)
          .filter(written -> written.length() <= DIGITS)
          .map(BigDecimal::new)
          .map(BigDecimal::longValueExact)
          .filter(count -> count > 0 && count <= Integer.MAX_VALUE);
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
