package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairn.api.RegistryException;
import org.cairn.importer.Listing.Unreadable;
import org.cairn.platform.JsonLimits;
import org.cairn.run.BatchPoint;
import org.cairn.run.BatchSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The plain form of a listing, for whatever has no form of its own: {@code {batchSchedule:
 * [{fromStep, sequencesPerStep, sequenceLength}], checkpoints: [{step, stage, branch, tokens,
 * address}]}}. A schedule as one writes it of Pythia is read as well: {@code {steps: [...],
 * samples_per_step, sequence_length_trained}}.
 *
 * @param schedule null where it is not said
 */
record JsonListing(Listing listing, @Nullable BatchSchedule schedule) {

  /** Most checkpoints of a file. */
  static final int CHECKPOINTS_MAX = 1_000_000;

  /**
   * Reads a listing; lines are counted by checkpoints, from 1.
   *
   * @throws UnreadableListingException where it is no such file
   */
  static JsonListing read(String name, byte[] bytes) {
    JsonNode root;
    try {
      root = JsonLimits.mapper().readTree(bytes);
    } catch (IOException e) {
      throw new UnreadableListingException("is no JSON");
    }
    boolean plain = root.path("checkpoints").isArray();
    var entries = root.path(plain ? "checkpoints" : "steps");
    if (!entries.isArray() || entries.size() > CHECKPOINTS_MAX) {
      throw new UnreadableListingException(
          "has no array checkpoints or steps of at most " + CHECKPOINTS_MAX);
    }
    var checkpoints = new ArrayList<ListedCheckpoint>();
    var unreadable = new ArrayList<Unreadable>();
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      int line = i + 1;
      checkpoint(line, entry)
          .ifPresentOrElse(
              checkpoints::add,
              () ->
                  unreadable.add(
                      new Unreadable(
                          line, "has no step, or one or tokens that are no whole number")));
    }
    return new JsonListing(new Listing(name, checkpoints, unreadable), schedule(root));
  }

  private static Optional<ListedCheckpoint> checkpoint(int line, JsonNode entry) {
    var step = entry.isObject() ? entry.path("step") : entry;
    var tokens = entry.path("tokens");
    boolean claimsTokens = !tokens.isMissingNode() && !tokens.isNull();
    if (!isCount(step) || (claimsTokens && !isCount(tokens))) {
      return Optional.empty();
    }
    return Optional.of(
        new ListedCheckpoint(
            line,
            entry.path("stage").asText(""),
            entry.path("branch").asText(""),
            step.asLong(),
            claimsTokens ? tokens.asLong() : null,
            entry.path("address").textValue()));
  }

  private static boolean isCount(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0;
  }

  private static @Nullable BatchSchedule schedule(JsonNode root) {
    var points = new ArrayList<BatchPoint>();
    var batches = root.path("batchSchedule");
    for (int i = 0; i < Math.min(batches.size(), BatchSchedule.MAX_POINTS + 1); i++) {
      points.add(
          new BatchPoint(
              count(batches.get(i), "fromStep"),
              count(batches.get(i), "sequencesPerStep"),
              count(batches.get(i), "sequenceLength")));
    }
    if (batches.isMissingNode() && root.has("samples_per_step")) {
      points.add(
          new BatchPoint(
              0, count(root, "samples_per_step"), count(root, "sequence_length_trained")));
    }
    try {
      return BatchSchedule.of("batchSchedule", points.isEmpty() ? null : List.copyOf(points));
    } catch (RegistryException e) {
      throw new UnreadableListingException(String.valueOf(e.getMessage()));
    }
  }

  private static long count(JsonNode object, String field) {
    if (!isCount(object.path(field))) {
      throw new UnreadableListingException("batchSchedule: " + field + " is no whole number");
    }
    return object.path(field).asLong();
  }

  /** Tokens that are not those of the schedule, in listings of one counter. */
  Optional<Fault> tokens() {
    var known = schedule;
    if (known == null || !known.covers(0) || listing.byCounter().size() != 1) {
      return Optional.empty();
    }
    var fault = Fault.of("tokens-inconsistent", listing);
    var rows = fault.evidence().putArray("rows");
    for (var one : listing.checkpoints()) {
      var claimed = one.tokens();
      if (claimed == null) {
        continue;
      }
      long exact;
      try {
        exact = known.tokens(one.step());
      } catch (RegistryException e) {
        continue; // no count of tokens: the step itself is nonsense
      }
      if (claimed != exact) {
        rows.addObject()
            .put("line", one.line())
            .put("step", one.step())
            .put("claimedTokens", claimed)
            .put("tokensOfSchedule", exact);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(fault);
  }
}
