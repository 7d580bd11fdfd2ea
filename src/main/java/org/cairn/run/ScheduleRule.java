package org.cairn.run;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.api.RegistryException;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which steps were to be saved: a list of them, or every n-th. */
record ScheduleRule(
    @Schema(description = "Steps, ascending") @Nullable @Size(min = 1, max = 100_000)
        List<@NotNull @Min(0) Long> explicit,
    @Nullable @Min(1) Long every,
    @Schema(description = "First step of every; 0 where absent") @Nullable @Min(0) Long from,
    @Schema(description = "Last step of every, where it is known") @Nullable @Min(0) Long to) {

  static void check(@Nullable List<ScheduleRule> rules) {
    for (int i = 0; rules != null && i < rules.size(); i++) {
      rules.get(i).check("checkpointSchedule[" + i + "]");
    }
  }

  private void check(String at) {
    if ((explicit == null) == (every == null)) {
      throw RegistryException.invalid(at, "has exactly one of explicit and every");
    }
    if (explicit != null) {
      if (from != null || to != null) {
        throw RegistryException.invalid(at, "has from and to only with every");
      }
      for (int i = 1; i < explicit.size(); i++) {
        if (explicit.get(i) <= explicit.get(i - 1)) {
          throw RegistryException.invalid(at + ".explicit[" + i + "]", "must be ascending");
        }
      }
    } else if (to != null && to < (from == null ? 0 : from)) {
      throw RegistryException.invalid(at + ".to", "must not be less than from");
    }
  }
}
