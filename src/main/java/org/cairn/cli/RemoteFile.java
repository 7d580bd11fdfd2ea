package org.cairn.cli;

import org.cairn.platform.Sha256;

/**
 * A file that the registry has.
 *
 * @param path where it lies in the published tree
 * @param source where its bytes are asked for, below the registry's address
 */
record RemoteFile(String path, Sha256 sha256, long size, String source) {}
