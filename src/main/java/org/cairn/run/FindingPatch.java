package org.cairn.run;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What people say of a finding; a field left out stays as it is. */
record FindingPatch(
    @Nullable FindingStatus status, @Nullable @Size(max = 20_000) String explanation) {}
