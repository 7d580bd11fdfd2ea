package org.cairn.run;

import org.jspecify.annotations.Nullable;

/** A parent whose reference was followed; {@code checkpoint} is null where it is external. */
public record ResolvedParent(ParentRequest request, @Nullable CheckpointPosition checkpoint) {}
