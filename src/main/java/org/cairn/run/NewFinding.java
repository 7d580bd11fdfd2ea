package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A fault to record.
 *
 * @param findingClass kind of fault, as a slug: counts-before-segment-differ
 * @param subject what it is about, within the run: two faults of one class and subject are one
 * @param evidence exact values that show it
 * @param explanation why it is none after all, where the registry itself can tell; null otherwise
 */
public record NewFinding(
    @Nullable UUID checkpointId,
    String findingClass,
    String subject,
    JsonNode evidence,
    @Nullable Explanation explanation) {

  /** An unexplained one. */
  public NewFinding(
      @Nullable UUID checkpointId, String findingClass, String subject, JsonNode evidence) {
    this(checkpointId, findingClass, subject, evidence, null);
  }
}
