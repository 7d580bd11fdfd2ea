package org.cairn.artifact;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Which parts the client is about to send. */
record PartNumbersRequest(@NotNull @Size(min = 1, max = MAX) List<@NotNull Integer> numbers) {

  static final int MAX = 100;
}
