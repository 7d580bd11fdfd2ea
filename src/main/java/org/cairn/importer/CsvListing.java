package org.cairn.importer;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cairn.importer.Listing.Unreadable;
import org.jspecify.annotations.Nullable;

/**
 * Reads checkpoint manifests as OLMo publishes them: columns {@code Step} and {@code Checkpoint
 * Directory} or {@code hf_repo}, and {@code Stage}, {@code Ingredient} or {@code Tokens Seen} where
 * there are such. A stage may end with its branch. Other columns are passed over.
 */
final class CsvListing {

  private static final List<String> STEP = List.of("step", "steps");
  private static final List<String> STAGE = List.of("stage", "phase");
  private static final List<String> BRANCH = List.of("branch");
  private static final List<String> INGREDIENT = List.of("ingredient");
  private static final List<String> TOKENS = List.of("tokens", "tokensseen");
  private static final List<String> ADDRESS =
      List.of(
          "checkpointdirectory",
          "checkpoint",
          "directory",
          "address",
          "url",
          "hfrepo",
          "repository");
  private static final List<String> RUN = List.of("run", "model");
  private static final String SEED = "seed";

  /** A branch that a column of stages names: {@code stage2_midtraining_ingredient1}. */
  private static final Pattern BRANCH_OF_STAGE =
      Pattern.compile(
          "(?<stage>.+?)[-_. ]+(?<branch>ingredient[-_]?[0-9]+|souped|soup|merged|merge|averaged|average)",
          Pattern.CASE_INSENSITIVE);

  /** Longest stage that is looked at for a branch, in characters. */
  private static final int STAGE_MAX = 200;

  /** Most runs of a series. */
  static final int RUNS_MAX = 1_000;

  private CsvListing() {}

  /**
   * Reads the manifest of one run to its end.
   *
   * @throws UnreadableListingException where it has no column of steps, too many lines, or several
   *     runs
   */
  static Listing read(String name, InputStream bytes) throws IOException {
    var runs = readRuns(name, bytes);
    if (runs.size() > 1) {
      throw new UnreadableListingException("lists " + runs.size() + " runs");
    }
    return runs.isEmpty() ? new Listing(name, List.of(), List.of()) : runs.firstEntry().getValue();
  }

  /**
   * Reads a manifest to its end, by the runs that its columns {@code Run} or {@code Model} and
   * {@code Seed} name; an empty name where it has none of them. MultiBERTs are such a series: a run
   * for each seed.
   *
   * @throws UnreadableListingException where it has no column of steps, too many lines, or more
   *     than {@link #RUNS_MAX} runs
   */
  static SequencedMap<String, Listing> readRuns(String name, InputStream bytes) throws IOException {
    var rows = new CsvRows(bytes);
    if (STEP.stream().noneMatch(rows.columns()::contains)) {
      throw new UnreadableListingException("has no column Step in its first line");
    }
    var checkpoints = new LinkedHashMap<String, List<ListedCheckpoint>>();
    var unreadable = new HashMap<String, List<Unreadable>>();
    for (var row = rows.next(); row != null; row = rows.next()) {
      var run = run(row.values());
      var listed = checkpoints.computeIfAbsent(run, key -> new ArrayList<>());
      if (checkpoints.size() > RUNS_MAX) {
        throw new UnreadableListingException("lists more than " + RUNS_MAX + " runs");
      }
      try {
        listed.add(checkpoint(row));
      } catch (NumberFormatException e) {
        unreadable
            .computeIfAbsent(run, key -> new ArrayList<>())
            .add(
                new Unreadable(
                    row.line(),
                    "has no step, or one or tokens that are no whole number, or an address that is too long"));
      }
    }
    var listings = new LinkedHashMap<String, Listing>();
    checkpoints.forEach((run, listed) ->
        listings.put(run, new Listing(name, listed, unreadable.getOrDefault(run, List.of()))));
    return listings;
  }

  private static String run(Map<String, String> values) {
    var run = Objects.requireNonNullElse(first(values, RUN), "");
    var seed = values.get(SEED);
    return seed == null ? run : (run.isEmpty() ? "" : run + "-") + "seed" + seed;
  }

  private static ListedCheckpoint checkpoint(CsvRows.Row row) {
    var values = row.values();
    var stage = Objects.requireNonNullElse(first(values, STAGE), "");
    var branch = branch(values);
    var both = BRANCH_OF_STAGE.matcher(stage);
    if (branch.isEmpty() && stage.length() <= STAGE_MAX && both.matches()) {
      stage = both.group("stage");
      branch = both.group("branch");
    }
    var tokens = first(values, TOKENS);
    var address = first(values, ADDRESS);
    if (address != null && address.length() > ListedCheckpoint.ADDRESS_MAX) {
      throw new NumberFormatException("address");
    }
    return new ListedCheckpoint(
        row.line(),
        stage,
        branch,
        count(Objects.requireNonNullElse(first(values, STEP), "")),
        tokens == null ? null : count(tokens),
        address);
  }

  /** An ingredient is a number, or the word for what was made of all of them. */
  private static String branch(Map<String, String> values) {
    var ingredient = first(values, INGREDIENT);
    if (ingredient == null) {
      return Objects.requireNonNullElse(first(values, BRANCH), "");
    }
    return ingredient.chars().allMatch(Character::isDigit) ? "ingredient" + ingredient : ingredient;
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
