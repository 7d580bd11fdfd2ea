package org.cairn.importer;

import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cairn.importer.ContentListing.Published;
import org.cairn.importer.RunReading.ReadConfiguration;
import org.cairn.recipe.RawConfiguration;
import org.cairn.trajectory.EvaluationResults;
import org.jspecify.annotations.Nullable;

/** Reads the files of an import, each by its form, into what they say of runs. */
final class ImportReader {

  /** Largest file that is held while it is read, in bytes. */
  static final int MAX_BYTES = 32 << 20;

  /** Most lines that all files of an import have. */
  private static final int ROWS_MAX = 1_000_000;

  private static final Pattern NO_PART = Pattern.compile("[^A-Za-z0-9_.-]+");
  private static final Pattern EDGES = Pattern.compile("^[.-]+|[.-]+$");

  private final ImportForm form;
  private final ImportOptions options;
  private final Reading reading;
  private int files;
  private long rows;

  /**
   * @param run that all is of; null where the files say that
   */
  ImportReader(ImportForm form, @Nullable String run, ImportOptions options) {
    this.form = form;
    this.options = options;
    this.reading = new Reading(run);
  }

  Reading reading() {
    return reading;
  }

  /**
   * Reads the next file to its end.
   *
   * @throws UnreadableListingException where it is no file of this form
   */
  void read(String name, InputStream bytes) throws IOException {
    switch (form) {
      case MANIFEST ->
          CsvListing.readRuns(name, bytes)
              .forEach((run, listing) -> list(reading.member(run, name), listing, Map.of()));
      case CONFIG -> configuration(name, whole(bytes));
      case EVALUATION -> evaluation(name, bytes);
      case PHASES -> phases(Phases.read(name, whole(bytes)));
      case LAUNCHES -> launches(Lineage.read(name, whole(bytes)));
      case DIGESTS -> digests(name, bytes);
      case LISTING -> listing(name, JsonListing.read(name, whole(bytes)));
      case HUB -> throw new UnreadableListingException("is not asked for: the form hub has none");
    }
    files++;
  }

  private static byte[] whole(InputStream bytes) throws IOException {
    var read = bytes.readNBytes(MAX_BYTES + 1);
    if (read.length > MAX_BYTES) {
      throw new UnreadableListingException("has more than " + MAX_BYTES + " bytes");
    }
    return read;
  }

  private void count(int more) {
    rows += more;
    if (rows > ROWS_MAX) {
      throw new UnreadableListingException(
          "has, with the files before it, more than " + ROWS_MAX + " lines");
    }
  }

  /**
   * @param labels under which checkpoints are listed
   */
  private void list(RunReading run, Listing listing, Map<ListedCheckpoint, String> labels) {
    count(listing.checkpoints().size());
    var checkpoints = new ArrayList<ListedCheckpoint>(listing.checkpoints().size());
    for (var one : listing.checkpoints()) {
      var completed = completed(one, Reading.fileStage(listing.name()));
      checkpoints.add(completed);
      var label = labels.get(one);
      if (label != null) {
        run.revisions.put(completed, label);
      }
    }
    run.listings.add(new Listing(listing.name(), checkpoints, listing.unreadable()));
    run.faults.addAll(ListingRules.check(listing));
  }

  /**
   * With the stage and branch that the request says, or the name of the file, where no line does.
   */
  private ListedCheckpoint completed(ListedCheckpoint one, @Nullable String ofFile) {
    var stage = options.stage() == null ? ofFile : options.stage();
    return new ListedCheckpoint(
        one.line(),
        part(one.stage().isEmpty() ? stage : one.stage()),
        part(one.branch().isEmpty() ? options.branch() : one.branch()),
        one.step(),
        one.tokens(),
        one.address());
  }

  /** A name of a stage or branch that resembles what a column says. */
  private static String part(@Nullable String said) {
    if (said == null) {
      return "";
    }
    var name = NO_PART.matcher(said).replaceAll("-");
    return EDGES.matcher(name.length() > 96 ? name.substring(0, 96) : name).replaceAll("");
  }

  private void configuration(String name, byte[] bytes) {
    var run = reading.of(Reading.fileRun(name));
    var parsed = RawConfiguration.parse(bytes);
    if (parsed.resolved() == null) {
      run.configurations.add(new ReadConfiguration(name, files, null));
      run.faults.add(ConfigurationRules.unparsable(name, String.valueOf(parsed.parseError())));
      return;
    }
    var settings = TrainingSettings.of(name, parsed.resolved());
    run.configurations.add(new ReadConfiguration(name, files, settings));
    run.faults.addAll(ConfigurationRules.unrecordedDefaults(settings));
    run.faults.addAll(ConfigurationRules.repeatedFiles(settings));
    PrivateAddresses.check(settings).ifPresent(run.faults::add);
    if (options.claims() != null) {
      ConfigurationRules.claims(
              settings,
              options.claims(),
              Objects.requireNonNullElse(options.claimedIn(), "the request"))
          .ifPresent(run.faults::add);
    }
    settings
        .parent()
        .filter(parent -> parent.length() <= ListedCheckpoint.ADDRESS_MAX)
        .ifPresent(parent -> run.parents.add(new ParentRules.Reference(name, parent)));
    run.stretches.add(settings.stretch(options, files));
  }

  private void evaluation(String name, InputStream bytes) throws IOException {
    if (name.toLowerCase(Locale.ROOT).endsWith(".csv")) {
      var table = EvaluationTable.read(name, bytes);
      table.results().forEach(this::evaluated);
      table.repeated().ifPresent(reading.of(firstRun(table.results(), name)).faults::add);
    } else {
      evaluated(LmEvalFile.read(name, whole(bytes)));
    }
  }

  private static String firstRun(List<EvaluationResults> results, String name) {
    return results.isEmpty() ? Reading.fileRun(name) : results.getFirst().run();
  }

  private void evaluated(EvaluationResults results) {
    count(1);
    reading.of(results.run()).evaluations.add(results);
  }

  private void phases(Phases phases) {
    var run = reading.of(Reading.fileRun(phases.name()));
    run.schedule = phases.schedule();
    run.faults.addAll(phases.check());
    run.stretches.addAll(phases.stretches());
    var listing = phases.listing();
    run.listings.add(listing);
    for (int i = 0; i < phases.phases().size(); i++) {
      var phase = phases.phases().get(i);
      var handed = listing.checkpoints().get(i);
      // Marin publishes the end of a phase as a revision that is called as the phase.
      run.revisions.put(handed, phase.name());
      if (phase.weightsKind() != null) {
        run.weightsKinds.put(handed, phase.weightsKind());
      }
    }
  }

  private void launches(Lineage lineage) {
    var faults = SegmentBorders.check(lineage);
    for (var name : lineage.launches().stream().map(Lineage.Launch::run).distinct().toList()) {
      var run = reading.of(name);
      LabelRounding.check(name, lineage.labels(name)).ifPresent(run.faults::add);
      run.stretches.addAll(lineage.stretches(name));
      for (var launch : lineage.launches()) {
        var parent = launch.parent();
        if (launch.run().equals(name) && parent != null) {
          run.parents.add(new ParentRules.Reference(launch.name(), parent));
        }
      }
      faults.stream()
          .filter(fault -> fault.subject().startsWith("segments " + name + "/"))
          .forEach(run.faults::add);
    }
  }

  private void digests(String name, InputStream bytes) throws IOException {
    var published = ContentListing.read(bytes);
    count(published.size());
    published.stream()
        .collect(Collectors.groupingBy(Published::repository, LinkedHashMap::new, toList()))
        .forEach((repository, own) ->
            reading
                .of(repository.isEmpty() ? Reading.fileRun(name) : repository)
                .contents
                .add(new RunReading.Contents(name, own)));
  }

  private void listing(String name, JsonListing read) {
    var run = reading.of(Reading.fileRun(name));
    list(run, read.listing(), read.labels());
    read.check().forEach(run.faults::add);
    if (read.schedule() != null) {
      run.schedule = read.schedule();
    }
  }
}
