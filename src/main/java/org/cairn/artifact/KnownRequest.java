package org.cairn.artifact;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cairn.platform.Sha256;

/** Which of these need not be sent? */
record KnownRequest(@NotNull @Size(max = 1000) List<@NotNull Sha256> sha256) {}
