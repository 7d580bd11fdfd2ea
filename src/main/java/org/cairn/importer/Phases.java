package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairn.api.RegistryException;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;
import org.cairn.platform.RoundedTokens;
import org.cairn.run.BatchPoint;
import org.cairn.run.BatchSchedule;
import org.cairn.run.EdgeKind;
import org.cairn.run.Loads;
import org.jspecify.annotations.Nullable;

/**
 * The phases of a run as Marin tells them: one counter of steps along all of them, whose batches
 * change on the way. {@code {sequence_length, batch_schedule: [{start_step, sequences}], phases:
 * [{name, output_path, start_step, handoff_step_next, init_from, weights_kind,
 * model_card_tokens}]}}.
 */
record Phases(String name, BatchSchedule schedule, List<Phase> phases) {

  /** Most phases of a file. */
  static final int MAX_PHASES = 10_000;

  Phases {
    phases = List.copyOf(phases);
  }

  /**
   * @param startStep of the run's counter
   * @param handoffStep of the checkpoint that the next phase begins with
   * @param startsFrom label of the checkpoint that it begins with; null for new weights
   * @param address of the folder of its checkpoints; null where it is not said
   * @param weightsKind such as raw or ema; null where it is not said
   * @param cardTokens at its end, as the model card prints them; null where it does not
   */
  record Phase(
      String name,
      long startStep,
      long handoffStep,
      @Nullable String startsFrom,
      @Nullable String address,
      @Nullable String weightsKind,
      @Nullable RoundedTokens cardTokens) {}

  /**
   * Reads a file of phases.
   *
   * @throws UnreadableListingException where it is no such file
   */
  static Phases read(String name, byte[] bytes) {
    var root = ForeignJson.read(bytes);
    var phases = root.path("phases");
    if (!phases.isArray() || phases.size() > MAX_PHASES) {
      throw new UnreadableListingException(
          "has no array phases of at most " + MAX_PHASES + " phases");
    }
    var read = new ArrayList<Phase>();
    for (int i = 0; i < phases.size(); i++) {
      var phase = phases.get(i);
      var at = "phases[" + i + "].";
      if (phase.path("name").asText("").isEmpty()) {
        throw new UnreadableListingException(at + "name is missing");
      }
      read.add(
          new Phase(
              phase.path("name").asText(),
              count(phase, "start_step", at),
              count(phase, "handoff_step_next", at),
              phase.path("init_from").textValue(),
              phase.path("output_path").textValue(),
              phase.path("weights_kind").textValue(),
              printed(phase.path("model_card_tokens"))));
    }
    return new Phases(name, schedule(root), read);
  }

  private static BatchSchedule schedule(JsonNode root) {
    var points = new ArrayList<BatchPoint>();
    long length = count(root, "sequence_length", "");
    var batches = root.path("batch_schedule");
    if (!batches.isArray()) {
      throw new UnreadableListingException("has no array batch_schedule");
    }
    for (int i = 0; i < Math.min(batches.size(), BatchSchedule.MAX_POINTS + 1); i++) {
      var at = "batch_schedule[" + i + "].";
      points.add(
          new BatchPoint(
              count(batches.get(i), "start_step", at),
              count(batches.get(i), "sequences", at),
              length));
    }
    try {
      return new BatchSchedule(points);
    } catch (RegistryException e) {
      throw new UnreadableListingException("batch_schedule: " + e.getMessage());
    }
  }

  private static long count(JsonNode object, String field, String at) {
    var value = object.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw new UnreadableListingException(at + field + " is no whole number");
    }
    return value.asLong();
  }

  /** 2.7e12 is printed to the nearest hundred billion, whichever way. */
  private static @Nullable RoundedTokens printed(JsonNode tokens) {
    if (!tokens.isNumber()) {
      return null;
    }
    try {
      BigDecimal digits = tokens.decimalValue().stripTrailingZeros();
      if (digits.signum() <= 0 || digits.scale() > 0) {
        return null;
      }
      return new RoundedTokens(
          digits.unscaledValue().longValueExact(),
          BigDecimal.ONE.scaleByPowerOfTen(-digits.scale()).longValueExact());
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** The phases as stretches of one counter. */
  List<Stretch> stretches() {
    return phases.stream()
        .map(phase -> {
          var from = phase.startsFrom();
          return new Stretch(
              phase.name(),
              "",
              "",
              phase.startStep(),
              phase.handoffStep() < phase.startStep() ? null : Long.valueOf(phase.handoffStep()),
              -1,
              null,
              from == null
                  ? null
                  : new Stretch.Parent(
                      from,
                      LabelGrammars.parse(from).map(ParsedLabel::step).orElse(null),
                      EdgeKind.RESUME,
                      new Loads(true, null, null, null, null)));
        })
        .toList();
  }

  /** The checkpoints that one phase hands to the next, as a listing. */
  Listing listing() {
    var checkpoints = new ArrayList<ListedCheckpoint>();
    for (int i = 0; i < phases.size(); i++) {
      checkpoints.add(new ListedCheckpoint(i + 1, "", "", phases.get(i).handoffStep(), null, null));
    }
    return new Listing(name, checkpoints, List.of());
  }

  /** What is wrong with them, as far as they tell by themselves. */
  List<Fault> check() {
    var faults = new ArrayList<Fault>();
    for (int i = 0; i < phases.size(); i++) {
      card(phases.get(i)).ifPresent(faults::add);
      if (i > 0) {
        border(phases.get(i - 1), phases.get(i)).ifPresent(faults::add);
      }
    }
    return faults;
  }

  private Optional<Fault> card(Phase phase) {
    var printed = phase.cardTokens();
    if (printed == null || !schedule.covers(0)) {
      return Optional.empty();
    }
    long exact;
    try {
      exact = schedule.tokens(phase.handoffStep());
    } catch (RegistryException e) {
      return Optional.empty(); // no count of tokens: the step itself is nonsense
    }
    if (!printed.rulesFrom(exact).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault(
            "claimed-tokens-differ",
            "phase " + phase.name(),
            JsonNodeFactory.instance
                .objectNode()
                .put("file", name)
                .put("step", phase.handoffStep())
                .put("claimedTokens", printed.tokens())
                .put("roundedTo", printed.unit())
                .put("tokensOfSchedule", exact)
                .put("difference", printed.tokens() - exact)));
  }

  private Optional<Fault> border(Phase before, Phase after) {
    var said = after.startsFrom();
    var from =
        said == null ? null : LabelGrammars.parse(said).map(label -> label.step()).orElse(null);
    if (from == null || (from == before.handoffStep() && from == after.startStep())) {
      return Optional.empty();
    }
    return Optional.of(
        new Fault(
            "segment-boundary-mismatch",
            "segments " + before.name() + " and " + after.name(),
            JsonNodeFactory.instance
                .objectNode()
                .put("file", name)
                .put("before", before.name())
                .put("lastStep", before.handoffStep())
                .put("after", after.name())
                .put("startsFrom", said)
                .put("startStep", after.startStep())));
  }
}
