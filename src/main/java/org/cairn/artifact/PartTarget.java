package org.cairn.artifact;

import java.net.URI;
import java.time.Instant;

/** Where to PUT a part: exactly {@code size} bytes, until {@code expiresAt}. */
record PartTarget(int number, long size, URI url, Instant expiresAt) {}
