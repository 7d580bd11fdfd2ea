package org.cairn.platform;

import org.jspecify.annotations.Nullable;

/** A file under its path, with the bytes that it has. */
public record FileEntry(String path, Sha256 sha256, long size, @Nullable String mediaType) {}
