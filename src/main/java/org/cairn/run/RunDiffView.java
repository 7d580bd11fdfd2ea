package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** In what two runs differ, and whether that is what they say they differ in. */
record RunDiffView(
    Side left,
    Side right,
    Verdict verdict,
    @Schema(description = "By what the runs differ, or say they do") List<Factor> factors,
    @Schema(description = "Axes that differ") List<Axis> axes,
    @Schema(description = "What could not be compared") List<Gap> notCompared,
    List<Difference> differences,
    @Schema(description = "Whether there are more differences than are listed; all are counted")
        boolean truncated) {

  /** A run and its segments that were compared. */
  record Side(String project, String run, List<String> segments) {}

  /** What the differences come to. */
  enum Verdict {
    /** Nothing that shapes training differs. */
    @JsonProperty("equal")
    EQUAL,
    /** All that shapes training and differs belongs to a declared factor. */
    @JsonProperty("as-declared")
    AS_DECLARED,
    /** Something that shapes training differs and was not declared. */
    @JsonProperty("not-as-declared")
    NOT_AS_DECLARED,
    /** A configuration, or what only one side tells, could not be compared. */
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Something by which runs may differ. */
  record Factor(
      @Schema(
              description =
                  "Such as seed, order, data, model, optimizer, batch, code, environment, hardware,"
                      + " evaluation")
          String name,
      @Schema(
              description =
                  "Whether it is an axis that differs, or the request names it, or it follows from such a one, as the order does from"
                      + " the seed")
          boolean declared,
      @Schema(description = "Whether it has a part in which weights come out")
          boolean shapesTraining,
      int differences) {}

  /** An axis of the family on which the runs stand apart. */
  record Axis(String axis, String factor, @Nullable JsonNode left, @Nullable JsonNode right) {}

  /** Something that a pair of segments does not tell of both sides. */
  record Gap(
      String aspect, @Nullable String leftSegment, @Nullable String rightSegment, String reason) {}

  /** A difference of a pair of segments, or, where none is named, of the runs. */
  record Difference(
      String factor,
      @Schema(
              description =
                  "configuration, argv, seeds, schedule, data, start, code, environment, hardware,"
                      + " segments or evaluation")
          String aspect,
      @Nullable String leftSegment,
      @Nullable String rightSegment,
      @Schema(
              description =
                  "Place in the aspect; the configuration's with _ for -; of evaluations such as 0-shot.batchSize")
          String key,
      @Schema(
              description =
                  "Absent where there is nothing; long values are summed up. Of evaluations a list of objects with batchSize, steps"
                      + " and, of steps that are not listed, their number moreSteps")
          @Nullable JsonNode left,
      @Nullable JsonNode right) {}
}
