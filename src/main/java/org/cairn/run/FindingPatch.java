package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What people say of a finding; a field left out stays as it is. */
record FindingPatch(
    @Nullable FindingStatus status,
    @Nullable @Size(max = 20_000) String explanation,
    @Schema(
            description =
                "What shows that the explanation is right: files by digest, values and where they"
                    + " were read, links. At most 64 KiB")
        @Nullable ObjectNode explanationEvidence) {}
