package org.cairn.run;

import org.cairn.platform.Sha256;

/** A file of a run: logs, metrics, the card, whatever belongs to no single checkpoint. */
public record RunFileView(String path, Sha256 sha256, long size, String role, String mediaType) {}
