package org.cairn.importer;

import java.util.Optional;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as a listing names it.
 *
 * @param line where it stands in the file, from 1
 * @param stage empty where the listing has no such column
 * @param branch empty where the listing has no such column
 * @param tokens as claimed; null where the listing has no such column
 * @param address of a folder, file or repository; null where the listing has no such column
 */
record ListedCheckpoint(
    int line,
    String stage,
    String branch,
    long step,
    @Nullable Long tokens,
    @Nullable String address) {

  /** Whose steps these are. */
  record Counter(String stage, String branch) {
    @Override
    public String toString() {
      return stage.isEmpty() || branch.isEmpty() ? stage + branch : stage + "-" + branch;
    }
  }

  Counter counter() {
    return new Counter(stage, branch);
  }

  /** What the address says, if anything. */
  Optional<ParsedLabel> addressed() {
    return Optional.ofNullable(address).flatMap(LabelGrammars::parse);
  }

  /** The address without the folder that names the step: what launched by one program shares. */
  String folder() {
    return address == null ? "" : folderOf(address);
  }

  /** An address without its last part. */
  static String folderOf(String address) {
    var end = address.length();
    while (end > 0 && address.charAt(end - 1) == '/') {
      end--;
    }
    return address.substring(0, address.lastIndexOf('/', end - 1) + 1);
  }
}
