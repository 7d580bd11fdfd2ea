package org.cairn.run;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;

/**
 * What this package needs to know of evaluations, which live a floor above and implement it. Sees
 * what the running transaction wrote.
 */
public interface RunEvaluations {

  /**
   * With which batch sizes a run was evaluated: by setting and step. Evaluations that do not say
   * their batch size are left out.
   */
  Map<String, SortedMap<Long, SortedSet<String>>> batchSizes(UUID runId);
}
