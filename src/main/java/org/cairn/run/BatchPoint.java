package org.cairn.run;

import jakarta.validation.constraints.Min;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The batch from one step on, until the next point. */
public record BatchPoint(
    @Min(0) @Schema(description = "First step of the counter that reads such a batch")
        long fromStep,
    @Min(1) long sequencesPerStep,
    @Min(1) @Schema(description = "Tokens of a sequence that count as trained on")
        long sequenceLength) {}
