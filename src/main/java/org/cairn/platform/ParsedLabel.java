package org.cairn.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a label says of the checkpoint that it names, which need not be true.
 *
 * @param grammar name of the grammar that it follows
 * @param repository {@code project/run} where it says one
 * @param revision the label within the repository, where it says one
 * @param stage empty where it says none
 * @param branch empty where it says none
 * @param step null where it says none
 * @param counts what the step is a number of
 * @param merged the steps that were averaged, the first of which is {@code step}; else empty
 * @param tokens null where it says none
 */
public record ParsedLabel(
    String grammar,
    @Nullable String repository,
    @Nullable String revision,
    String stage,
    String branch,
    @Nullable Long step,
    Counts counts,
    List<Long> merged,
    @Nullable RoundedTokens tokens) {

  /** What a number in a label counts. */
  public enum Counts {
    /** Updates of the optimizer. */
    @JsonProperty("updates")
    UPDATES,
    /** Checkpoints of the run: the step is not said. */
    @JsonProperty("checkpoints")
    CHECKPOINTS
  }

  public ParsedLabel {
    merged = List.copyOf(merged);
  }

  /** Stage and branch, as far as they are said. */
  public String place() {
    return stage.isEmpty() || branch.isEmpty() ? stage + branch : stage + "-" + branch;
  }

  ParsedLabel at(String newRepository, String newRevision) {
    return new ParsedLabel(
        grammar, newRepository, newRevision, stage, branch, step, counts, merged, tokens);
  }

  ParsedLabel in(String newStage, String newBranch) {
    return new ParsedLabel(
        grammar, repository, revision, newStage, newBranch, step, counts, merged, tokens);
  }
}
