package org.cairn.run;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** What was done before a segment began, along the chain of its parents. */
record BeforeClaim(
    @Nullable @Min(0) Long steps, @Nullable @Min(0) Long tokens, @Nullable @Min(0) Long sequences) {

  static final BeforeClaim NONE = new BeforeClaim(null, null, null);
}
