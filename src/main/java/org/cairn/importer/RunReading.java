package org.cairn.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairn.run.BatchSchedule;
import org.cairn.trajectory.EvaluationResults;
import org.jspecify.annotations.Nullable;

/** What the files of an import say of one run. */
final class RunReading {

  final List<Listing> listings = new ArrayList<>();
  final List<ReadConfiguration> configurations = new ArrayList<>();
  final List<EvaluationResults> evaluations = new ArrayList<>();
  final List<ParentRules.Reference> parents = new ArrayList<>();
  final List<Stretch> stretches = new ArrayList<>();
  final List<Contents> contents = new ArrayList<>();
  final List<RemoteFile> remoteFiles = new ArrayList<>();

  /** By which name the host has the checkpoint of a line. */
  final Map<ListedCheckpoint, String> revisions = new HashMap<>();

  /** What kind of weights the checkpoint of a line has, where that is said: raw or ema. */
  final Map<ListedCheckpoint, String> weightsKinds = new HashMap<>();

  /** What the files have by themselves; rules that look at the catalogue come later. */
  final List<Fault> faults = new ArrayList<>();

  /** Null where it is not said. */
  @Nullable BatchSchedule schedule;

  /**
   * A configuration, read or not.
   *
   * @param source place of its file among those of the import
   * @param settings null where its bytes do not parse
   */
  record ReadConfiguration(String name, int source, @Nullable TrainingSettings settings) {}

  /**
   * What a host says of the content of its revisions.
   *
   * @param file that says it
   */
  record Contents(String file, List<ContentListing.Published> published) {}

  /**
   * A file of a checkpoint that a host has.
   *
   * @param revision label of the checkpoint
   * @param path in the repository
   * @param size in bytes; null where the host does not say it
   * @param algorithm of the digest: sha256, or sha1-git for a blob of git
   */
  record RemoteFile(
      String revision,
      String path,
      String address,
      @Nullable Long size,
      @Nullable String algorithm,
      @Nullable String digest) {}
}
