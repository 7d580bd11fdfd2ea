package org.cairn.importer;

import static java.util.stream.Collectors.counting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is wrong with a configuration, by itself and beside what others say of the run. */
final class ConfigurationRules {

  /** Most files that are told of one list. */
  private static final int REPEATED = 100;

  /** Longest text that is read as a number. */
  private static final int NUMBER_MAX = 100;

  private ConfigurationRules() {}

  /** A file that is kept as it is, since nobody can read it. */
  static Fault unparsable(String file, String reason) {
    return new Fault(
        "config-unparsable",
        "configuration " + file,
        JsonNodeFactory.instance.objectNode().put("file", file).put("reason", reason));
  }

  /** Settings that shape training and that the program had to fill in. */
  static List<Fault> unrecordedDefaults(TrainingSettings settings) {
    var faults = new ArrayList<Fault>();
    settings
        .dialect()
        .ifPresent(dialect ->
            new TreeMap<>(dialect.unset())
                .forEach((key, value) -> {
                  if (!settings.values().containsKey(key)) {
                    var evidence =
                        JsonNodeFactory.instance
                            .objectNode()
                            .put("file", settings.name())
                            .put("setting", key)
                            .put("default", value)
                            .put("dialect", dialect.name())
                            .put("defaultReadIn", dialect.source());
                    faults.add(
                        new Fault(
                            "config-default-unrecorded",
                            "configuration " + settings.name() + " setting " + key,
                            evidence));
                  }
                }));
    return faults;
  }

  /**
   * Settings that a model card or somebody else states in another way.
   *
   * @param claims values by the names of settings in {@code dialects.json}
   * @param source where they are made
   */
  static Optional<Fault> claims(
      TrainingSettings settings, Map<String, String> claims, String source) {
    var evidence =
        JsonNodeFactory.instance.objectNode().put("file", settings.name()).put("claimedIn", source);
    var differing = evidence.putArray("settings");
    new TreeMap<>(claims)
        .forEach((name, claim) ->
            settings
                .setting(name)
                .filter(written -> !isSame(written, claim))
                .ifPresent(written ->
                    differing
                        .addObject()
                        .put("setting", name)
                        .put("configured", written)
                        .put("claimed", claim)));
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Fault(
                "config-effective-mismatch",
                "configuration " + settings.name() + " and " + source,
                evidence));
  }

  /**
   * Lists of files that name one of them more than once, so that it is read as often. Stage 1 of
   * OLMo-2-1124-7B lists 1,122 files, of which 1,117 are distinct.
   */
  static List<Fault> repeatedFiles(TrainingSettings settings) {
    var faults = new ArrayList<Fault>();
    settings
        .values()
        .forEach((key, value) -> {
          var files =
              value.isArray()
                  ? value
                      .valueStream()
                      .filter(one -> one.asText().contains("/"))
                      .map(JsonNode::asText)
                  : Stream.<String>empty();
          var counts = files.collect(Collectors.groupingBy(file -> file, TreeMap::new, counting()));
          var repeated = counts.entrySet().stream().filter(file -> file.getValue() > 1).toList();
          if (!repeated.isEmpty()) {
            var evidence =
                JsonNodeFactory.instance
                    .objectNode()
                    .put("file", settings.name())
                    .put("setting", key)
                    .put("files", counts.values().stream().mapToLong(Long::longValue).sum())
                    .put("distinct", counts.size());
            var told = evidence.putArray("repeated");
            repeated.stream().limit(REPEATED).forEach(file -> told.add(file.getKey()));
            faults.add(
                new Fault(
                    "config-duplicate-data",
                    "configuration " + settings.name() + " setting " + key,
                    evidence));
          }
        });
    return faults;
  }

  /** Numbers by their value; {@code amp_bf16} is bf16 with automatic casts. */
  private static boolean isSame(String written, String claim) {
    if (written.length() > NUMBER_MAX || claim.length() > NUMBER_MAX) {
      return written.equals(claim);
    }
    try {
      return new BigDecimal(written).compareTo(new BigDecimal(claim)) == 0;
    } catch (NumberFormatException e) {
      return plain(written).equals(plain(claim));
    }
  }

  private static String plain(String text) {
    return text.startsWith("amp_") ? text.substring("amp_".length()) : text;
  }

  /**
   * Tokens in labels that do not come of the batch that is configured ({@link BatchClaims}), or
   * that are rounded by several rules ({@link LabelRounding}).
   *
   * @param stage that the configuration is of: labels of other stages have other batches; a text
   *     without a number for the first
   */
  static Stream<Fault> labels(TrainingSettings settings, String stage, List<String> labels) {
    var perStep = settings.tokensPerStep();
    var length = settings.sequenceLength();
    if (perStep.isEmpty() || length.isEmpty()) {
      return Stream.empty();
    }
    var own = StageNames.number(stage).orElse(1);
    var claims =
        labels.stream()
            .filter(label -> StageNames.number(label).orElse(own) == own)
            .flatMap(label -> BatchClaims.claim(label).stream())
            .toList();
    return Stream.of(
            BatchClaims.check(settings.name(), perStep.get(), length.get(), claims),
            LabelRounding.check(
                settings.name(),
                claims.stream()
                    .flatMap(one -> LabelRounding.Exact.of(one, perStep.get()).stream())
                    .toList()))
        .flatMap(Optional::stream);
  }
}
