package org.cairn.run;

import java.util.UUID;

/** How somebody spells a checkpoint: a run and a label, latest, terminal or a weights digest. */
public record CheckpointAddress(UUID runId, String ref) {}
