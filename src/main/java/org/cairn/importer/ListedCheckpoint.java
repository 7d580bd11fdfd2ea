package org.cairn.importer;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;
import org.jspecify.annotations.Nullable;

/** A checkpoint as a listing names it. What its address says is read once, since each rule asks. */
final class ListedCheckpoint {

  /** Longest address, in characters. */
  static final int ADDRESS_MAX = 500;

  private static final Pattern MERGED =
      Pattern.compile("soup(?:ed)?|merged?|averaged?", Pattern.CASE_INSENSITIVE);

  private static final Pattern MERGED_FOLDER =
      Pattern.compile("/(?:soup(?:ed)?|merged?|averaged?)(?:/|$)", Pattern.CASE_INSENSITIVE);

  private static final Pattern MERGED_BRANCHES =
      Pattern.compile(
          "(?<![a-z0-9])ingredient[-_]?(?<numbers>[0-9]{1,9}(?:\\+[0-9]{1,9}){1,20})(?![0-9])",
          Pattern.CASE_INSENSITIVE);

  private final Line said;
  private Optional<ParsedLabel> addressed = Optional.empty();
  private boolean isRead;
  private @Nullable Boolean merged;

  /**
   * What is written.
   *
   * @param line where it stands in the file, from 1
   * @param stage empty where the listing has no such column
   * @param branch empty where the listing has no such column
   * @param tokens as claimed; null where the listing has no such column
   * @param address of a folder, file or repository; null where the listing has no such column
   */
  private record Line(
      int line,
      String stage,
      String branch,
      long step,
      @Nullable Long tokens,
      @Nullable String address) {}

  ListedCheckpoint(
      int line,
      String stage,
      String branch,
      long step,
      @Nullable Long tokens,
      @Nullable String address) {
    this.said = new Line(line, stage, branch, step, tokens, address);
  }

  int line() {
    return said.line();
  }

  String stage() {
    return said.stage();
  }

  String branch() {
    return said.branch();
  }

  long step() {
    return said.step();
  }

  @Nullable Long tokens() {
    return said.tokens();
  }

  @Nullable String address() {
    return said.address();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ListedCheckpoint one && one.said.equals(said);
  }

  @Override
  public int hashCode() {
    return said.hashCode();
  }

  @Override
  public String toString() {
    return said.toString();
  }

  /** Whose steps these are. */
  record Counter(String stage, String branch) {
    @Override
    public String toString() {
      return stage.isEmpty() || branch.isEmpty() ? stage + branch : stage + "-" + branch;
    }
  }

  Counter counter() {
    return new Counter(said.stage(), said.branch());
  }

  /** What the address says, if anything. */
  Optional<ParsedLabel> addressed() {
    if (!isRead) {
      isRead = true;
      addressed = Optional.ofNullable(said.address()).flatMap(LabelGrammars::parse);
    }
    return addressed;
  }

  /**
   * Whether it was made of other checkpoints, not saved by training: its address says of which
   * steps or branches, or its branch or folder is called so.
   */
  boolean isMerged() {
    if (merged == null) {
      var address = said.address();
      merged =
          MERGED.matcher(said.branch()).matches()
              || !mergedBranches().isEmpty()
              || addressed().map(label -> !label.merged().isEmpty()).orElse(false)
              || (address != null && MERGED_FOLDER.matcher(address).find());
    }
    return merged;
  }

  /** The branches that the address says it is the average of: {@code ingredient1+2-step23842}. */
  List<String> mergedBranches() {
    var address = said.address();
    if (address == null || address.indexOf('+') < 0) {
      return List.of();
    }
    var branches = MERGED_BRANCHES.matcher(address);
    return branches.find()
        ? Pattern.compile("\\+")
            .splitAsStream(branches.group("numbers"))
            .map(number -> "ingredient" + number)
            .toList()
        : List.of();
  }

  /** The address without the folder that names the step: what launched by one program shares. */
  String folder() {
    var address = said.address();
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
