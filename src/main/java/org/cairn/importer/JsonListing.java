package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.cairn.api.RegistryException;
import org.cairn.importer.Listing.Unreadable;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.Names;
import org.cairn.run.BatchPoint;
import org.cairn.run.BatchSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The plain form of a listing, for whatever has no form of its own: {@code {batchSchedule:
 * [{fromStep, sequencesPerStep, sequenceLength}], checkpoints: [{step, stage, branch, tokens,
 * address, label}]}}, where a label may say what is left out. Read as well are a schedule as one
 * writes it of Pythia ({@code {steps: [...], samples_per_step, sequence_length_trained}}), what a
 * server of the Hub's protocol answers about the refs of a repository ({@code {branches: [{name}],
 * tags: [{name}]}}), and plain text with the name of a branch at the end of each line, as of {@code
 * git ls-remote}.
 *
 * @param labels of checkpoints that are listed under one
 * @param schedule null where it is not said
 */
record JsonListing(
    Listing listing, Map<ListedCheckpoint, String> labels, @Nullable BatchSchedule schedule) {

  /** Most checkpoints of a file. */
  static final int CHECKPOINTS_MAX = 1_000_000;

  private static final List<String> LISTS = List.of("checkpoints", "steps", "branches", "tags");

  JsonListing {
    labels = Map.copyOf(labels);
  }

  /**
   * Reads a listing; lines are counted by checkpoints, or of text by lines, from 1.
   *
   * @throws UnreadableListingException where it is no such file
   */
  static JsonListing read(String name, byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8).strip();
    var root = text.startsWith("{") ? ForeignJson.read(bytes) : branches(text);
    var entries =
        LISTS.stream().map(root::path).filter(JsonNode::isArray).flatMap(JsonNode::valueStream);
    var all = entries.limit(CHECKPOINTS_MAX + 1L).toList();
    if (all.size() > CHECKPOINTS_MAX || LISTS.stream().noneMatch(one -> root.path(one).isArray())) {
      throw new UnreadableListingException(
          "has no array checkpoints, steps or branches of at most " + CHECKPOINTS_MAX);
    }
    var checkpoints = new ArrayList<ListedCheckpoint>();
    var labels = new HashMap<ListedCheckpoint, String>();
    var unreadable = new ArrayList<Unreadable>();
    for (int i = 0; i < all.size(); i++) {
      var entry = all.get(i);
      var label = label(entry);
      var checkpoint = checkpoint(i + 1, entry, label);
      if (checkpoint.isPresent()) {
        checkpoints.add(checkpoint.get());
        if (label != null) {
          labels.put(checkpoint.get(), label);
        }
      } else if (!"main".equals(label)) {
        unreadable.add(
            new Unreadable(
                i + 1,
                label == null
                    ? "has no step, or one or tokens that are no whole number, or an address that is too long"
                    : "the name " + label + " says no step"));
      }
    }
    return new JsonListing(new Listing(name, checkpoints, unreadable), labels, schedule(root));
  }

  /** Text with a name at the end of each line, as JSON. */
  private static JsonNode branches(String text) {
    var root = JsonNodeFactory.instance.objectNode();
    if (text.isEmpty() || text.startsWith("[") || text.indexOf('\0') >= 0) {
      return root;
    }
    ArrayNode branches = root.putArray("branches");
    text.lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.strip().replaceFirst("^.*\\s", "").replaceFirst("^refs/[a-z]+/", ""))
        .limit(CHECKPOINTS_MAX + 1L)
        .forEach(branches::add);
    return root;
  }

  private static @Nullable String label(JsonNode entry) {
    var label = entry.isTextual() ? entry : entry.path(entry.has("label") ? "label" : "name");
    return label.isTextual() && Names.faultOfLabel(label.asText()).isEmpty()
        ? label.asText()
        : null;
  }

  private static Optional<ListedCheckpoint> checkpoint(
      int line, JsonNode entry, @Nullable String label) {
    var said = Optional.ofNullable(label).flatMap(LabelGrammars::parse).orElse(null);
    var step = entry.isObject() ? entry.path("step") : entry;
    var tokens = entry.path("tokens");
    boolean claimsTokens = !tokens.isMissingNode() && !tokens.isNull();
    boolean bySaid = !isCount(step) && said != null && said.step() != null && !entry.has("step");
    if ((!isCount(step) && !bySaid)
        || (claimsTokens && !isCount(tokens))
        || entry.path("address").asText("").length() > ListedCheckpoint.ADDRESS_MAX) {
      return Optional.empty();
    }
    return Optional.of(
        new ListedCheckpoint(
            line,
            entry.path("stage").asText(said == null ? "" : said.stage()),
            entry.path("branch").asText(said == null ? "" : said.branch()),
            said == null || said.step() == null || !bySaid ? step.asLong() : said.step(),
            claimsTokens ? tokens.asLong() : null,
            entry.path("address").textValue()));
  }

  private static boolean isCount(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0;
  }

  private static @Nullable BatchSchedule schedule(JsonNode root) {
    var points = new ArrayList<BatchPoint>();
    var batches = root.path("batchSchedule");
    if (!batches.isMissingNode() && !batches.isArray()) {
      throw new UnreadableListingException("batchSchedule: is no array");
    }
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
  Stream<Fault> check() {
    var known = schedule;
    if (known == null || !known.covers(0) || listing.byCounter().size() != 1) {
      return Stream.empty();
    }
    var fault = Fault.of("tokens-inconsistent", listing);
    var rows = fault.evidence().putArray("rows");
    var rounded = new ArrayList<LabelRounding.Exact>();
    var exactly = new StepTokens(known);
    for (var one :
        listing.checkpoints().stream()
            .sorted(Comparator.comparingLong(ListedCheckpoint::step))
            .toList()) {
      var counted = exactly.at(one.step());
      if (counted.isEmpty()) {
        break; // beyond all counts of tokens, as all that follow
      }
      long exact = counted.getAsLong();
      var claimed = one.tokens();
      if (claimed != null && claimed != exact) {
        rows.addObject()
            .put("line", one.line())
            .put("step", one.step())
            .put("claimedTokens", claimed)
            .put("tokensOfSchedule", exact);
      }
      var label = labels.get(one);
      var printed = label == null ? null : BatchClaims.claim(label).orElse(null);
      if (printed != null && printed.tokens().rulesFrom(exact).isEmpty()) {
        rows.addObject()
            .put("line", one.line())
            .put("step", one.step())
            .put("label", label)
            .put("tokensOfSchedule", exact);
      } else if (printed != null) {
        rounded.add(new LabelRounding.Exact(printed, exact));
      }
    }
    var rounding = LabelRounding.check(listing.name(), rounded).stream();
    return rows.isEmpty() ? rounding : Stream.concat(Stream.of(fault), rounding);
  }

  /** Counts the tokens of steps that are asked for in their order, each from the one before. */
  private static final class StepTokens {

    private final BatchSchedule schedule;
    private long step;
    private long tokens;

    StepTokens(BatchSchedule schedule) {
      this.schedule = schedule;
    }

    /** Empty beyond 64 bits. */
    OptionalLong at(long next) {
      try {
        tokens = Math.addExact(tokens, schedule.tokens(step, next));
        step = next;
        return OptionalLong.of(tokens);
      } catch (RegistryException | ArithmeticException e) {
        return OptionalLong.empty();
      }
    }
  }
}
