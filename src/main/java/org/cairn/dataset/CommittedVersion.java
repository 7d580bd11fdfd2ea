package org.cairn.dataset;

import java.time.Instant;
import java.util.UUID;

/**
 * A dataset version.
 *
 * @param commit 40 hexadecimal digits; never names other files than these
 */
public record CommittedVersion(UUID id, String version, String commit, Instant createdAt) {}
