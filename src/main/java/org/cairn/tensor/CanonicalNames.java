package org.cairn.tensor;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One name for what families of models spell differently: {@code layers.0.attention.query.weight}
 * is {@code model.layers.0.self_attn.q_proj.weight} of a Llama and {@code
 * bert.encoder.layer.0.attention.self.query.weight} of a BERT.
 *
 * <p>The table is the resource {@value #RESOURCE}, which also says what is deliberately not the
 * same. A spelling that is not in it has no canonical name. Layers are counted from 0, to {@value
 * #MAX_LAYER}.
 */
@Singleton
public final class CanonicalNames {

  /** Said before a name that is meant to be a canonical one, even where a tensor is called so. */
  public static final String PREFIX = "canonical:";

  static final int MAX_LAYER = 511;

  private static final String RESOURCE = "canonical-names.yaml";
  private static final String LAYER = "{layer}";

  /** Where a number stands, in the keys of both maps. */
  private static final String SLOT = "{}";

  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)(0|[1-9][0-9]{0,3})(?=\\.)");
  private static final Pattern PLACE = Pattern.compile("\\{(layer|any)(?:\\+([0-9]+))?}");

  /**
   * One spelling of one thing.
   *
   * @param spelling with a slot where it has a number
   * @param numbered whether it has
   * @param first what the spelling calls layer 0
   * @param canonical with a slot where the number is that of the layer
   */
  private record Rule(String spelling, boolean numbered, int first, String canonical) {}

  private final Map<String, Rule> bySpelling = new HashMap<>();
  private final Map<String, List<Rule>> byCanonical = new HashMap<>();

  CanonicalNames() {
    try (var in = CanonicalNames.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(InputStream in) {
    Map<String, List<Map<String, Object>>> document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
    for (var family : document.getOrDefault("families", List.of())) {
      @SuppressWarnings("unchecked")
      var names = (Map<String, String>) family.getOrDefault("names", Map.of());
      @SuppressWarnings("unchecked")
      var prefixes = (List<String>) family.getOrDefault("prefixes", List.of());
      names.forEach((spelling, canonical) -> {
        for (var part : spelling.contains("{part}") ? List.of("weight", "bias") : List.of("")) {
          for (var prefix : spelling.contains("{prefix}") ? prefixes : List.of("")) {
            add(
                spelling.replace("{part}", part).replace("{prefix}", prefix),
                canonical.replace("{part}", part));
          }
        }
      });
    }
  }

  private void add(String spelling, String canonical) {
    var place = PLACE.matcher(spelling);
    boolean numbered = place.find();
    var offset = numbered ? place.group(2) : null;
    var rule =
        new Rule(
            numbered ? place.replaceFirst(SLOT) : spelling,
            numbered,
            offset == null ? 0 : Integer.parseInt(offset),
            canonical.replace(LAYER, SLOT));
    var other = bySpelling.put(rule.spelling(), rule);
    if (other != null) {
      throw new IllegalStateException(spelling + " is there twice");
    }
    byCanonical.computeIfAbsent(rule.canonical(), name -> new ArrayList<>()).add(rule);
  }

  /** The canonical name of a tensor that is spelt like this. */
  public Optional<String> canonical(String spelling) {
    var exact = bySpelling.get(spelling);
    if (exact != null && !exact.numbered()) {
      return Optional.of(exact.canonical());
    }
    var number = NUMBER.matcher(spelling);
    if (!number.find()) {
      return Optional.empty();
    }
    var rule = bySpelling.get(number.replaceFirst(SLOT));
    if (rule == null) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(spelling, number.start(), number.end(), 10) - rule.first();
    return layer < 0 || layer > MAX_LAYER
        ? Optional.empty()
        : Optional.of(rule.canonical().replace(SLOT, String.valueOf(layer)));
  }

  /**
   * Every spelling of a canonical name; none where nothing has that name. Those that have a number
   * that says nothing are there with every such number.
   */
  public List<String> candidates(String canonical) {
    if (canonical.contains(SLOT)) {
      return List.of();
    }
    var candidates = new ArrayList<String>();
    for (var rule : byCanonical.getOrDefault(canonical, List.of())) {
      if (!rule.numbered()) {
        candidates.add(rule.spelling());
      } else {
        for (int any = 0; any <= MAX_LAYER; any++) {
          candidates.add(rule.spelling().replace(SLOT, String.valueOf(any)));
        }
      }
    }
    var number = NUMBER.matcher(canonical);
    if (number.find()) {
      int layer = Integer.parseInt(canonical, number.start(), number.end(), 10);
      if (layer <= MAX_LAYER) {
        byCanonical
            .getOrDefault(number.replaceFirst(SLOT), List.of())
            .forEach(rule ->
                candidates.add(
                    rule.spelling().replace(SLOT, String.valueOf(layer + rule.first()))));
      }
    }
    return candidates;
  }
}
