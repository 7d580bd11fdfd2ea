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
 */
public record NewFinding(
    @Nullable UUID checkpointId, String findingClass, String subject, JsonNode evidence) {}
