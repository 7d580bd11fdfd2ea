package org.cairn.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as clients see it.
 *
 * @param done of {@code total}, in units of the job's kind, such as bytes
 * @param attempts runs so far; more than one after a failure or the loss of a worker
 * @param failure why the last run did not succeed
 */
public record JobView(
    UUID id,
    String kind,
    String subject,
    JobState state,
    long done,
    long total,
    int attempts,
    @Nullable String failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {}
