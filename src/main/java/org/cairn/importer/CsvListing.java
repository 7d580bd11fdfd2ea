package org.cairn.importer;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.cairn.importer.Listing.Unreadable;
import org.jspecify.annotations.Nullable;

/**
 * Reads checkpoint manifests as OLMo publishes them: columns {@code Step} and {@code Checkpoint
 * Directory}, and {@code Stage}, {@code Ingredient} or {@code Tokens Seen} where there are such.
 * Other columns are passed over.
 */
final class CsvListing {

  private static final List<String> STEP = List.of("step", "steps");
  private static final List<String> STAGE = List.of("stage", "phase");
  private static final List<String> BRANCH = List.of("branch");
  private static final List<String> INGREDIENT = List.of("ingredient");
  private static final List<String> TOKENS = List.of("tokens", "tokensseen");
  private static final List<String> ADDRESS =
      List.of("checkpointdirectory", "checkpoint", "directory", "address", "url");

  private CsvListing() {}

  /**
   * Reads a manifest to its end.
   *
   * @throws UnreadableListingException where it has no column of steps, or too many lines
   */
  static Listing read(String name, InputStream bytes) throws IOException {
    var rows = new CsvRows(bytes);
    if (STEP.stream().noneMatch(rows.columns()::contains)) {
      throw new UnreadableListingException("has no column Step in its first line");
    }
    var checkpoints = new ArrayList<ListedCheckpoint>();
    var unreadable = new ArrayList<Unreadable>();
    for (var row = rows.next(); row != null; row = rows.next()) {
      try {
        checkpoints.add(checkpoint(row));
      } catch (NumberFormatException e) {
        unreadable.add(
            new Unreadable(row.line(), "has no step, or one or tokens that are no whole number"));
      }
    }
    return new Listing(name, checkpoints, unreadable);
  }

  private static ListedCheckpoint checkpoint(CsvRows.Row row) {
    var values = row.values();
    var ingredient = first(values, INGREDIENT);
    var tokens = first(values, TOKENS);
    return new ListedCheckpoint(
        row.line(),
        Objects.requireNonNullElse(first(values, STAGE), ""),
        ingredient == null
            ? Objects.requireNonNullElse(first(values, BRANCH), "")
            : "ingredient" + ingredient,
        count(Objects.requireNonNullElse(first(values, STEP), "")),
        tokens == null ? null : count(tokens),
        first(values, ADDRESS));
  }

  private static @Nullable String first(Map<String, String> values, List<String> columns) {
    return columns.stream()
        .flatMap(column -> Stream.ofNullable(values.get(column)))
        .findFirst()
        .orElse(null);
  }

  private static long count(String text) {
    long count = Long.parseLong(text);
    if (count < 0) {
      throw new NumberFormatException("negative");
    }
    return count;
  }
}
