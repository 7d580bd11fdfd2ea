package org.cairn.trajectory;

import java.util.Set;
import org.cairn.checkpoint.SelectedCheckpoint;
import org.cairn.tensor.StoredTensor;
import org.jspecify.annotations.Nullable;

/** A tensor at a checkpoint. */
record StatisticsPoint(
    SelectedCheckpoint checkpoint, StoredTensor tensor, @Nullable String canonicalName) {

  /**
   * What is the same tensor at other checkpoints, whatever their files call it.
   *
   * @param ambiguous canonical names that do not tell
   */
  String identity(Set<String> ambiguous) {
    return canonicalName == null || ambiguous.contains(canonicalName)
        ? tensor.name()
        : canonicalName;
  }
}
