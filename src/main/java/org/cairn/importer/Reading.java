package org.cairn.importer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.cairn.platform.Names;
import org.jspecify.annotations.Nullable;

/** What the files of an import say, by the runs that they are of. */
final class Reading {

  /** Most runs of an import. */
  static final int RUNS_MAX = 1_000;

  private static final Pattern NO_SLUG = Pattern.compile("[^A-Za-z0-9._-]+");

  private static final Pattern OF_STAGE =
      Pattern.compile(
          "(?<run>.*[A-Za-z0-9])[-_.](?<stage>stage[0-9]{1,9})", Pattern.CASE_INSENSITIVE);

  private static final Pattern EDGES = Pattern.compile("^[._-]+|[._-]+$");

  private final @Nullable String run;
  private final SequencedMap<String, RunReading> runs = new LinkedHashMap<>();

  /**
   * @param run that all is of; null where the files say that
   */
  Reading(@Nullable String run) {
    this.run = run;
  }

  SequencedMap<String, RunReading> runs() {
    return runs;
  }

  /**
   * What is said of the run of the request, or of the one that a file names.
   *
   * @param said such as the name of the file or of a model
   */
  RunReading of(String said) {
    return reading(run == null ? slug(said) : run);
  }

  /**
   * What is said of one of several runs of a file; where the request names a run, that is the
   * series.
   */
  RunReading member(String said, String file) {
    var ofFile = OF_STAGE.matcher(fileRun(file));
    var series = run != null ? run : ofFile.matches() ? ofFile.group("run") : fileRun(file);
    return reading(said.isEmpty() ? series : run == null ? slug(said) : slug(run + "-" + said));
  }

  private RunReading reading(String name) {
    var reading = runs.computeIfAbsent(name, key -> new RunReading());
    if (runs.size() > RUNS_MAX) {
      throw new UnreadableListingException("say more than " + RUNS_MAX + " runs");
    }
    return reading;
  }

  /** The name of a file without folders and ending. */
  static String fileRun(String file) {
    var name = baseName(file);
    var dot = name.lastIndexOf('.');
    return slug(dot <= 0 ? name : name.substring(0, dot));
  }

  /** The stage that a file says all its lines are of: {@code OLMo-2-1124-7B-stage2.csv}. */
  static @Nullable String fileStage(String file) {
    var name = baseName(file);
    var dot = name.lastIndexOf('.');
    var ofStage = OF_STAGE.matcher(dot <= 0 ? name : name.substring(0, dot));
    return ofStage.matches() ? ofStage.group("stage").toLowerCase(Locale.ROOT) : null;
  }

  static String baseName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /**
   * A name of a run that resembles what is said: the last part of {@code EleutherAI/pythia-70m}.
   */
  private static String slug(String said) {
    var name = NO_SLUG.matcher(baseName(said)).replaceAll("-");
    var trimmed = EDGES.matcher(name.length() > 96 ? name.substring(0, 96) : name).replaceAll("");
    if (!Names.isSlug(trimmed)) {
      throw new UnreadableListingException(
          "says a run that has no name here: \"" + said + "\"; name one in the request");
    }
    return trimmed;
  }
}
