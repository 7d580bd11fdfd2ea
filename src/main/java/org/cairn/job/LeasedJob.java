package org.cairn.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that this replica may run until its lease ends.
 *
 * @param lease names this very lease: nothing is written for the job under any other
 * @param attempt number of this run
 * @param failure why the run before did not succeed
 */
record LeasedJob(
    UUID id,
    String kind,
    String subject,
    JsonNode payload,
    String lease,
    int attempt,
    boolean cancelRequested,
    long done,
    long total,
    @Nullable String failure) {}
