package org.cairn.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.LabelGrammars;
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
   * @param goesOn whether it takes up the counter of the checkpoint that it begins with
   */
  record Launch(
      String run,
      String stage,
      String part,
      @Nullable Long lastStep,
      @Nullable String parent,
      @Nullable String label,
      @Nullable Long tokensPerStep,
      boolean goesOn) {

    String name() {
      return run + "/" + (part.isEmpty() ? stage : stage + "-" + part);
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
            .ifPresent(claim -> exact.add(new LabelRounding.Exact(claim, perStep)));
      }
    }
    return exact;
  }

  /**
   * Reads a file of launches.
   *
   * @throws UnreadableListingException where it is no such file
   */
  static Lineage read(String name, byte[] bytes) {
    JsonNode root;
    try {
      root = JsonLimits.mapper().readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new UnreadableListingException("is no JSON");
    } catch (java.io.IOException e) {
      throw new UnreadableListingException("is not UTF-8");
    }
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
        run.path("load_trainer_state").asBoolean(false));
  }
}
