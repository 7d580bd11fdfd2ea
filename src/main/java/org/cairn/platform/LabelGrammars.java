package org.cairn.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.ParsedLabel.Counts;

/**
 * Reads labels by the grammars in {@code label-grammars.json}, the first that fits. A label that
 * follows none, such as {@code deeper-starling}, is an opaque name.
 */
public final class LabelGrammars {

  private static final LabelGrammars ALL = load();

  /** Folders of an address that are looked at, from the last one: none holds a label any deeper. */
  private static final int DEPTH_MAX = 20;

  private final List<LabelGrammar> grammars;
  private final Pattern places;
  private final Pattern stages;
  private final Pattern branches;

  private LabelGrammars(JsonNode data) {
    grammars = new ArrayList<>();
    data.path("grammars")
        .forEach(grammar ->
            grammars.add(
                new LabelGrammar(
                    grammar.path("name").asText(),
                    pattern(grammar.path("pattern")),
                    grammar.path("counts").asText().equals("checkpoints")
                        ? Counts.CHECKPOINTS
                        : Counts.UPDATES)));
    places = pattern(data.path("place"));
    stages = pattern(data.path("folders").path("stage"));
    branches = pattern(data.path("folders").path("branch"));
  }

  /** What a label says; empty for an opaque one, and for one longer than any label. */
  public static Optional<ParsedLabel> parse(String label) {
    if (label.length() > Names.LABEL_MAX) {
      return Optional.empty();
    }
    var parsed = ALL.plain(label);
    if (parsed.isPresent() && parsed.get().revision() != null) {
      var whole = parsed.get();
      var repository = Objects.requireNonNull(whole.repository());
      var revision = Objects.requireNonNull(whole.revision());
      return Optional.of(
          ALL.plain(revision)
              .filter(inner -> inner.repository() == null)
              .map(inner -> inner.at(repository, revision))
              .orElse(whole));
    }
    return parsed.isPresent() || !isAddress(label) ? parsed : ALL.address(label);
  }

  /** Whether a label is the address of a folder or file. */
  public static boolean isAddress(String label) {
    return label.contains("://") || label.startsWith("/");
  }

  private Optional<ParsedLabel> plain(String label) {
    return grammars.stream().flatMap(grammar -> grammar.parse(label, places).stream()).findFirst();
  }

  /** The last folder that is a label, and what those before it say. */
  private Optional<ParsedLabel> address(String address) {
    var scheme = address.indexOf("://");
    var path = address.substring(scheme < 0 ? 0 : scheme + 3);
    var end = path.chars().takeWhile(c -> c != '?' && c != '#').count();
    var folders =
        Pattern.compile("/")
            .splitAsStream(path.substring(0, (int) end))
            .filter(folder -> !folder.isEmpty())
            .toList();
    for (int i = folders.size() - 1; i > Math.max(0, folders.size() - DEPTH_MAX); i--) {
      var parsed = plain(folders.get(i));
      if (parsed.isPresent()) {
        var above = folders.subList(1, i);
        var label = parsed.get();
        return Optional.of(
            label.in(
                label.stage().isEmpty() ? last(stages, "stage", above) : label.stage(),
                label.branch().isEmpty() ? last(branches, "ingredient", above) : label.branch()));
      }
    }
    return Optional.empty();
  }

  private static String last(Pattern pattern, String word, List<String> folders) {
    for (var folder : folders.reversed()) {
      var matcher = pattern.matcher(folder);
      if (matcher.find()) {
        return word + matcher.group("number");
      }
    }
    return "";
  }

  private static Pattern pattern(JsonNode text) {
    return Pattern.compile(text.asText(), Pattern.CASE_INSENSITIVE);
  }

  private static LabelGrammars load() {
    try (var data = LabelGrammars.class.getResourceAsStream("label-grammars.json")) {
      return new LabelGrammars(new ObjectMapper().readTree(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
