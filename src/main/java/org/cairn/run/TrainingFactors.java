package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * By what runs may differ, such as seed, data and optimizer, and which keys of configurations and
 * axes of families belong to each: {@code factors.json}.
 */
final class TrainingFactors {

  /** Whatever belongs to no other: it is held to shape training. */
  static final String OTHER = "other";

  private static final Pattern DOTS = Pattern.compile("\\.");
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private static final List<Factor> FACTORS = load();

  private record Factor(
      String name, boolean shapesTraining, List<String> follows, Pattern axes, Pattern keys) {}

  private TrainingFactors() {}

  /** Whether what belongs to a factor has a part in which weights come out. */
  static boolean shapesTraining(String factor) {
    return FACTORS.stream()
        .filter(one -> one.name().equals(factor))
        .allMatch(Factor::shapesTraining);
  }

  /** Whether a factor is declared, or follows from one that is. */
  static boolean isDeclared(String factor, Set<String> declared) {
    return declared.contains(factor)
        || FACTORS.stream()
            .filter(one -> one.name().equals(factor))
            .anyMatch(one -> one.follows().stream().anyMatch(declared::contains));
  }

  /** The factor of a key of a configuration, such as {@code optimizer.params.lr}. */
  static String ofKey(String key) {
    var plain = INDEX.matcher(normal(key)).replaceAll("");
    var parts = DOTS.splitAsStream(plain).toList();
    return first(plain)
        .or(() -> parts.stream().flatMap(part -> first(part).stream()).findFirst())
        .orElse(OTHER);
  }

  private static Optional<String> first(String key) {
    return FACTORS.stream()
        .filter(factor -> factor.keys().matcher(key).matches())
        .map(Factor::name)
        .findFirst();
  }

  /** The factor that an axis of a family, or a word of a user, stands for: else the word itself. */
  static String ofAxis(String axis) {
    var plain = normal(axis);
    return FACTORS.stream()
        .filter(factor -> factor.name().equals(plain) || factor.axes().matcher(plain).matches())
        .map(Factor::name)
        .findFirst()
        .orElse(plain);
  }

  private static String normal(String key) {
    return key.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static List<Factor> load() {
    try (var data = TrainingFactors.class.getResourceAsStream("factors.json")) {
      var factors = new ArrayList<Factor>();
      for (var factor : new ObjectMapper().readTree(data).path("factors")) {
        factors.add(
            new Factor(
                factor.path("name").asText(),
                factor.path("shapesTraining").asBoolean(),
                factor.path("follows").valueStream().map(JsonNode::asText).toList(),
                any(factor.path("axes")),
                any(factor.path("keys"))));
      }
      return List.copyOf(factors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern any(JsonNode patterns) {
    return Pattern.compile(String.join("|", patterns.valueStream().map(JsonNode::asText).toList()));
  }
}
