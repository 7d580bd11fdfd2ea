package org.cairn.storage;

import java.time.Instant;

/** An upload in parts that was started and neither completed nor aborted. */
public record StaleMultipart(MultipartUpload upload, Instant startedAt) {}
