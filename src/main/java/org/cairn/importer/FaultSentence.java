package org.cairn.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a fault says in a sentence that somebody can send to those who published the release. All of
 * it is in the evidence, too, where nothing is left out.
 */
final class FaultSentence {

  /** Most things of a kind that a sentence tells. */
  private static final int TOLD = 8;

  private static final int LONGEST = 1_500;

  private FaultSentence() {}

  /** A sentence, or more where that takes several; empty where the class says it all. */
  static String of(String kind, JsonNode evidence) {
    var sentence = sentence(kind, evidence);
    return sentence.length() <= LONGEST ? sentence : sentence.substring(0, LONGEST) + "\u2026";
  }

  private static String sentence(String kind, JsonNode e) {
    return switch (kind) {
      case "row-unreadable" ->
          "%s lines cannot be read: %s."
              .formatted(
                  text(e, "rows"),
                  each(e, "lines", one -> "line " + text(one, "line") + " " + text(one, "reason")));
      case "duplicate-entry" ->
          "%s rows list %s distinct steps; listed more than once: %s."
              .formatted(
                  text(e, "rows"),
                  text(e, "distinctSteps"),
                  each(
                      e,
                      "duplicates",
                      one -> "step " + text(one, "step") + " (lines " + list(one, "lines") + ")"));
      case "step-uri-mismatch" -> each(e, "rows", FaultSentence::address) + ".";
      case "step-uri-rebased" ->
          "The folder %s counts anew: its steps are off by %s%s: %s."
              .formatted(
                  text(e, "folder"),
                  text(e, "constantOffset"),
                  e.has("parent")
                      ? ", the step of its parent in line " + text(e.path("parent"), "line")
                      : "",
                  each(e, "rows", FaultSentence::address));
      case "schedule-gap", "schedule-irregular" ->
          "Checkpoints are %s steps apart%s%s."
              .formatted(
                  text(e, "interval"),
                  e.path("gaps").isEmpty()
                      ? ""
                      : "; nothing is listed between "
                          + each(
                              e,
                              "gaps",
                              gap -> gap.path(0).asText() + " and " + gap.path(1).asText()),
                  e.path("stepsOffSchedule").isEmpty()
                      ? ""
                      : "; beside the schedule are steps " + list(e, "stepsOffSchedule"));
      case "run-segments" ->
          "The checkpoints lie in the folders of %s launches%s."
              .formatted(
                  text(e, "segments"),
                  e.path("sameStepTwoSegments").isEmpty()
                      ? ""
                      : "; two of them saved step " + list(e, "sameStepTwoSegments"));
      case "merged-checkpoint" ->
          each(
                  e,
                  "rows",
                  one ->
                      "line "
                          + text(one, "line")
                          + " (step "
                          + text(one, "step")
                          + ") is made of "
                          + (one.has("mergedSteps")
                              ? "steps " + list(one, "mergedSteps")
                              : one.has("mergedBranches")
                                  ? list(one, "mergedBranches")
                                  : "others, which are not told"))
              + ".";
      case "stage-name-irregular" -> "Stages are spelt in several ways: " + list(e, "stages") + ".";
      case "tokens-inconsistent" -> tokens(e);
      case "wrong-run-manifest" ->
          "%s of the %s addresses of %s are among its %s rows, and %s of the %s that are known of %s."
              .formatted(
                  text(e, "sharedWithOtherRun"),
                  text(e, "addressesOfOtherRun"),
                  text(e, "otherRun"),
                  text(e, "rows"),
                  text(e, "sharedWithRun"),
                  text(e, "addressesOfRun"),
                  text(e, "run"));
      case "wrong-parent-base" ->
          "%s is counted from %s tokens%s, and its parent %s, step %s, has %s: %s tokens too %s."
              .formatted(
                  text(e, "stage"),
                  text(e, "countedFrom"),
                  e.has("countedFromCheckpoint")
                      ? ", those of step " + text(e.path("countedFromCheckpoint"), "step")
                      : "",
                  text(e.path("parent"), "address"),
                  text(e.path("parent"), "step"),
                  text(e.path("parent"), "tokens"),
                  text(e, "error").replace("-", ""),
                  text(e, "error").startsWith("-") ? "few" : "many");
      case "private-address" ->
          "Addresses that mean something on one machine or network only: "
              + each(e, "shown", one -> text(one, "address") + " in " + list(one, "where"))
              + ".";
      case "dangling-parent" ->
          "%s begin with step %s (%s), which is not listed; the last one listed there is %s."
              .formatted(
                  list(e, "referencedBy"),
                  text(e, "referencedStep"),
                  text(e, "address"),
                  text(e, "lastListed"));
      case "unreachable-parent" ->
          "%s begin with %s, which nobody else can get: %s."
              .formatted(list(e, "referencedBy"), text(e, "address"), text(e, "reason"));
      case "segment-boundary-mismatch" ->
          "%s ends at step %s, and %s begins with %s (step %s)."
              .formatted(
                  text(e, "before"),
                  text(e, "lastStep"),
                  text(e, "after"),
                  text(e, "startsFrom"),
                  text(e, "startStep"));
      case "claimed-tokens-differ" ->
          "The card says %s tokens at step %s; the batch schedule comes to %s."
              .formatted(text(e, "claimedTokens"), text(e, "step"), text(e, "tokensOfSchedule"));
      case "label-rounding-inconsistent" ->
          "Tokens in labels are rounded by no common rule: "
              + each(
                  e,
                  "rules",
                  one ->
                      text(one, "example")
                          + " ("
                          + text(one, "tokensOfExample")
                          + " exactly) and "
                          + (one.path("labels").asLong() - 1)
                          + " more by "
                          + list(one, "rounding"))
              + ".";
      case "config-unparsable" -> "It does not parse: " + text(e, "reason") + ".";
      case "config-default-unrecorded" ->
          "%s is not set, and %s takes %s then (%s)."
              .formatted(
                  text(e, "setting"),
                  text(e, "dialect"),
                  text(e, "default"),
                  text(e, "defaultReadIn"));
      case "config-duplicate-data" ->
          "%s lists %s files, of which %s are distinct: %s."
              .formatted(
                  text(e, "setting"), text(e, "files"), text(e, "distinct"), list(e, "repeated"));
      case "config-effective-mismatch" -> effective(e);
      case "duplicate-content", "duplicate-content-explained", "duplicate-results" -> equal(e);
      case "cross-run-duplicate-results" ->
          "%s and %s have the same results in everything at steps %s."
              .formatted(text(e, "run"), text(e, "otherRun"), list(e, "stepsEqualInAll"));
      case "evaluation-batch-differs" ->
          "Evaluations of one setting%s were run with several batch sizes: %s."
              .formatted(
                  text(e, "setting").isEmpty() ? "" : ", " + text(e, "setting") + ",",
                  each(
                      e,
                      "batchSizes",
                      one -> text(one, "evaluations") + " with " + text(one, "batchSize")));
      case "duplicate-result-rows" ->
          "%s rows say a value once more, and %s another value for one that is there."
              .formatted(text(e, "rowsWithTheSameValue"), text(e, "rowsWithAnotherValue"));
      default -> text(e, "reason");
    };
  }

  private static String address(JsonNode row) {
    return "line %s lists step %s at %s, which is step %s"
        .formatted(
            text(row, "line"), text(row, "step"), text(row, "address"), text(row, "stepOfAddress"));
  }

  private static String tokens(JsonNode e) {
    var ofStages =
        each(
            e,
            "stages",
            stage ->
                "in %s%s, counted from %s%s, %s"
                        .formatted(
                            text(stage, "stage").isEmpty() ? "the listing" : text(stage, "stage"),
                            stage.has("branch") ? " " + text(stage, "branch") : "",
                            text(stage, "tokensBefore"),
                            stage.has("tokensPerStep")
                                ? " at " + text(stage, "tokensPerStep") + " a step"
                                : "",
                            each(
                                stage,
                                "errors",
                                one ->
                                    "%s rows are off by %s tokens%s"
                                        .formatted(
                                            text(one, "rows"),
                                            text(one, "tokens"),
                                            one.has("steps")
                                                ? " (" + text(one, "steps") + " steps)"
                                                : "")))
                    + (stage.has("cause") ? ", since " + text(stage, "cause") : ""));
    var ofRows =
        each(
            e,
            "rows",
            row ->
                "line %s, step %s, says %s; the schedule comes to %s"
                    .formatted(
                        text(row, "line"),
                        text(row, "step"),
                        row.has("label") ? text(row, "label") : text(row, "claimedTokens"),
                        text(row, "tokensOfSchedule")));
    return "Tokens: " + ofStages + ofRows + ".";
  }

  private static String effective(JsonNode e) {
    return e.has("settings")
        ? each(
                e,
                "settings",
                one ->
                    "%s is %s, and %s says %s"
                        .formatted(
                            text(one, "setting"),
                            text(one, "configured"),
                            text(e, "claimedIn"),
                            text(one, "claimed")))
            + "."
        : "By the %s sequences of its batch %s are wrong%s."
            .formatted(
                text(e, "sequencesPerStep"),
                each(
                    e,
                    "labels",
                    one -> text(one, "label") + " (" + text(one, "tokens") + " tokens)"),
                e.has("impliedSequencesPerStep")
                    ? "; they are right by " + text(e, "impliedSequencesPerStep")
                    : "");
  }

  private static String equal(JsonNode e) {
    return "%s at steps %s%s."
        .formatted(
            e.has("digest")
                ? "The same content, " + text(e, "digest") + ","
                : "The same " + text(e, "values") + " results",
            list(e, "steps"),
            e.has("cause") ? ": " + text(e, "cause") : "");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static String list(JsonNode node, String field) {
    return each(node, field, ", ", JsonNode::asText);
  }

  private static String each(JsonNode node, String field, Function<JsonNode, String> told) {
    return each(node, field, "; ", told);
  }

  private static String each(
      JsonNode node, String field, String between, Function<JsonNode, String> told) {
    var all = node.path(field);
    var shown = all.valueStream().limit(TOLD).map(told).collect(Collectors.joining(between));
    return all.size() > TOLD ? shown + between + "and " + (all.size() - TOLD) + " more" : shown;
  }
}
