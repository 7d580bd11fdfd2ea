package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.LabelGrammars;
import org.cairn.run.BatchPoint;
import org.cairn.run.BatchSchedule;
import org.cairn.run.EdgeKind;
import org.cairn.run.Loads;
import org.jspecify.annotations.Nullable;

/**
 * The launches of which a run is made, as its scripts say them: {@code {runs: [{run:
 * "NAME/STAGE-PART", load_path, load_trainer_state, hf_revision, tokens_per_step |
 * global_batch_tokens, hard_stop_step | stop_at | final_step_in_csv, ...}]}}, in the order of
 * training.
 */
record Lineage(String name, List<Launch> launches) {

  /** Most launches of a file. */
  static final int MAX_LAUNCHES = 10_000;

  private static final List<String> LAST_STEP =
      List.of("hard_stop_step", "stop_at", "final_step_in_csv");

  private static final List<String> PER_STEP = List.of("tokens_per_step", "global_batch_tokens");

  private static final Pattern STAGE = Pattern.compile("([A-Za-z]+[-_ ]?[0-9]+)(?:[-_](.+))?");

  private static final Pattern BRANCH =
      Pattern.compile("(?:ingredient|branch|seed)[-_]?[0-9]+", Pattern.CASE_INSENSITIVE);

  Lineage {
    launches = List.copyOf(launches);
  }

  /**
   * One launch of a training program.
   *
   * @param run name of the run without stage
   * @param stage the whole rest of the name where it has no number
   * @param part what follows the number of the stage
   * @param lastStep null where it is not said
   * @param parent address of the checkpoint that it begins with; null for new weights
   * @param label of its last checkpoint, as it is published; null where it is not said
   * @param tokensPerStep null where it is not said
   * @param sequenceLength null where it is not said
   * @param goesOn whether it takes up the counter of the checkpoint that it begins with
   * @param loadsOptimizer null where it is not said
   */
  record Launch(
      String run,
      String stage,
      String part,
      @Nullable Long lastStep,
      @Nullable String parent,
      @Nullable String label,
      @Nullable Long tokensPerStep,
      @Nullable Long sequenceLength,
      boolean goesOn,
      @Nullable Boolean loadsOptimizer) {

    String name() {
      return run + "/" + (part.isEmpty() ? stage : stage + "-" + part);
    }

    /** An ingredient is a branch; a part is of the same counter. */
    String branch() {
      return BRANCH.matcher(part).matches() ? part : "";
    }

    String place() {
      return stage + "/" + branch();
    }

    /** Null where the length of sequences is not said, or is no part of the batch. */
    @Nullable BatchSchedule schedule() {
      return tokensPerStep == null
              || sequenceLength == null
              || sequenceLength < 1
              || tokensPerStep < sequenceLength
              || tokensPerStep % sequenceLength != 0
          ? null
          : new BatchSchedule(
              List.of(new BatchPoint(0, tokensPerStep / sequenceLength, sequenceLength)));
    }

    Optional<Long> parentStep() {
      return Optional.ofNullable(parent)
          .flatMap(LabelGrammars::parse)
          .flatMap(said -> Optional.ofNullable(said.step()));
    }
  }

  /** The labels of a run's launches with the batches of these, as far as they are said. */
  List<LabelRounding.Exact> labels(String run) {
    var exact = new ArrayList<LabelRounding.Exact>();
    for (var launch : launches) {
      var perStep = launch.tokensPerStep();
      if (launch.run().equals(run) && launch.label() != null && perStep != null && perStep > 0) {
        BatchClaims.claim(launch.label())
            .flatMap(claim -> LabelRounding.Exact.of(claim, perStep))
            .ifPresent(exact::add);
      }
    }
    return exact;
  }

  /**
   * The launches of a run as stretches of it. A part that goes on with a counter begins at the step
   * of its parent, where the part before it ends.
   */
  List<Stretch> stretches(String run) {
    var own = launches.stream().filter(launch -> launch.run().equals(run)).toList();
    var stretches = new ArrayList<Stretch>();
    var goesOnAt = new HashMap<String, Long>();
    for (var launch : own.reversed()) {
      var next = Optional.ofNullable(goesOnAt.get(launch.place()));
      if (launch.goesOn()) {
        launch.parentStep().ifPresent(step -> goesOnAt.put(launch.place(), step));
      }
      var began = launch.goesOn() ? launch.parentStep().orElse(0L) : 0L;
      var parent = launch.parent();
      stretches.add(
          new Stretch(
              launch.part().isEmpty() ? launch.stage() : launch.stage() + "-" + launch.part(),
              launch.stage(),
              launch.branch(),
              began,
              next.filter(end -> end > began).orElse(null),
              -1,
              launch.schedule(),
              parent == null
                  ? null
                  : new Stretch.Parent(
                      parent,
                      launch.parentStep().orElse(null),
                      launch.goesOn() ? EdgeKind.RESUME : EdgeKind.FORK,
                      new Loads(true, launch.loadsOptimizer(), null, null, launch.goesOn()))));
    }
    return stretches.reversed();
  }

  /**
   * Reads a file of launches.
   *
   * @throws UnreadableListingException where it is no such file
   */
  static Lineage read(String name, byte[] bytes) {
    var root = ForeignJson.read(bytes);
    var runs = root.path("runs");
    if (!runs.isArray() || runs.size() > MAX_LAUNCHES) {
      throw new UnreadableListingException(
          "has no array runs of at most " + MAX_LAUNCHES + " launches");
    }
    var launches = new ArrayList<Launch>();
    for (int i = 0; i < runs.size(); i++) {
      var run = runs.get(i);
      if (run.path("run").asText("").isEmpty()) {
        throw new UnreadableListingException("runs[" + i + "].run is missing");
      }
      var parent = run.path("load_path").asText("");
      if (parent.length() > ListedCheckpoint.ADDRESS_MAX) {
        throw new UnreadableListingException(
            "runs["
                + i
                + "].load_path has more than "
                + ListedCheckpoint.ADDRESS_MAX
                + " characters");
      }
      launches.add(launch(run));
    }
    return new Lineage(name, launches);
  }

  private static Launch launch(JsonNode run) {
    var name = run.path("run").asText();
    var slash = name.lastIndexOf('/');
    var rest = slash < 0 ? "" : name.substring(slash + 1);
    var stage = STAGE.matcher(rest);
    boolean numbered = stage.matches();
    var part = numbered ? stage.group(2) : null;
    var last = LAST_STEP.stream().map(run::path).filter(JsonNode::canConvertToLong).findFirst();
    var perStep = PER_STEP.stream().map(run::path).filter(JsonNode::canConvertToLong).findFirst();
    return new Launch(
        slash < 0 ? name : name.substring(0, slash),
        numbered ? stage.group(1) : rest,
        part == null ? "" : part,
        last.map(JsonNode::asLong).orElse(null),
        run.path("load_path").textValue(),
        run.path("hf_revision").textValue(),
        perStep.map(JsonNode::asLong).orElse(null),
        run.path("sequence_length").canConvertToLong()
            ? Long.valueOf(run.path("sequence_length").asLong())
            : null,
        run.path("load_trainer_state").asBoolean(false),
        run.path("load_optim_state").isBoolean()
            ? Boolean.valueOf(run.path("load_optim_state").asBoolean())
            : null);
  }
}
