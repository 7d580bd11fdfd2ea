package org.cairn.importer;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.platform.LabelGrammars;
import org.jspecify.annotations.Nullable;

/**
 * Reads which content the checkpoints of a repository have, by the digests that its host publishes:
 * columns {@code revision}, {@code sha256} (or a beginning of it, {@code sha256_prefix}), and
 * {@code model} and {@code step} where there are such.
 */
final class ContentListing {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{8,64}");

  private ContentListing() {}

  /**
   * @param digest SHA-256, or at least 8 digits of its beginning; null where the host has none
   */
  record Published(
      int line, String repository, String revision, long step, @Nullable String digest) {}

  /**
   * Reads a listing to its end; revisions that name no step are passed over.
   *
   * @throws UnreadableListingException where a column is missing, or it has too many lines
   */
  static List<Published> read(InputStream bytes) throws IOException {
    var rows = new CsvRows(bytes);
    if (!rows.columns().contains("revision")
        || (!rows.columns().contains("sha256") && !rows.columns().contains("sha256prefix"))) {
      throw new UnreadableListingException("has no columns revision and sha256 in its first line");
    }
    var read = new ArrayList<Published>();
    for (var row = rows.next(); row != null; row = rows.next()) {
      var cells = row.values();
      var revision = cells.getOrDefault("revision", "");
      var step = LabelGrammars.parse(revision).flatMap(said -> Optional.ofNullable(said.step()));
      if (step.isEmpty()) {
        continue;
      }
      var digest =
          cells
              .getOrDefault("sha256", cells.getOrDefault("sha256prefix", ""))
              .toLowerCase(Locale.ROOT);
      read.add(
          new Published(
              row.line(),
              cells.getOrDefault("model", ""),
              revision,
              step.get(),
              DIGEST.matcher(digest).matches() ? digest : null));
    }
    return read;
  }
}
