package org.cairn.cli;

import java.nio.file.Path;

/**
 * A file to publish: where it is, its path below the folder that it belongs to (with slashes), and
 * how large it was when it was found. That size is the announcement: of a log that grows while it
 * is published, so much goes up.
 */
record LocalFile(Path path, String name, long size) {

  LocalFile below(String folder) {
    return new LocalFile(path, name.substring(folder.length() + 1), size);
  }
}
