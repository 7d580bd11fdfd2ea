package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cairn.access.Access;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.ArtifactStatus;
import org.cairn.platform.Sha256;
import org.cairn.run.ParentEdges;
import org.cairn.run.ParentView;
import org.cairn.run.RunRef;

/**
 * Finds checkpoints by reference and shows them: a page takes a handful of statements however long
 * it is.
 */
@ApplicationScoped
class CheckpointReader {

  /** Most files of one answer: all those of a run of 1,500 checkpoints with 60 files each. */
  static final int FILES_SHOWN = 100_000;

  private static final String CONTENT = "sha256:";

  private final CheckpointQueries queries;
  private final CheckpointContentQueries contents;
  private final ParentEdges parents;
  private final ArtifactService artifacts;
  private final Access access;

  CheckpointReader(
      CheckpointQueries queries,
      CheckpointContentQueries contents,
      ParentEdges parents,
      ArtifactService artifacts,
      Access access) {
    this.queries = queries;
    this.contents = contents;
    this.parents = parents;
    this.artifacts = artifacts;
    this.access = access;
  }

  /** Whether a reference is computed rather than a label. */
  static boolean isComputed(String ref) {
    return ref.startsWith(CONTENT) || ref.equals("latest") || ref.equals("terminal");
  }

  /**
   * A reference is a label, {@code latest}, {@code terminal} or {@code sha256:} and a
   * weightsDigest.
   */
  Optional<CheckpointRow> find(UUID runId, String ref) {
    if (ref.startsWith(CONTENT)) {
      var hex = ref.substring(CONTENT.length());
      return hex.matches(Sha256.REGEX)
          ? queries.byWeights(runId, new Sha256(hex))
          : Optional.empty();
    }
    return switch (ref) {
      case "latest" -> queries.latest(runId);
      case "terminal" -> queries.terminal(runId);
      default -> ref.indexOf('\0') >= 0 ? Optional.empty() : queries.byLabel(runId, ref);
    };
  }

  CheckpointRow get(RunRef run, String ref) {
    return find(run.id(), ref)
        .orElseThrow(() ->
            RegistryException.notFound("checkpoint", run.project() + "/" + run.name() + "@" + ref));
  }

  List<CheckpointRow> rows(Collection<UUID> ids) {
    return queries.byIds(ids);
  }

  CheckpointView view(RunRef run, UUID id) {
    return views(run, queries.byIds(List.of(id)), true).getFirst();
  }

  /** A checkpoint that was added in this transaction, of which little has to be read. */
  CheckpointView added(RunRef run, CheckpointRows.Added added) {
    var checkpoint = added.checkpoint();
    var row = queries.added(run.id(), added);
    var files =
        checkpoint.files().stream().sorted(Comparator.comparing(FileRequest::path)).toList();
    var hanging =
        new Hanging(
            Map.of(row.id(), checkpoint.allLabels().stream().sorted().toList()),
            checkpoint.parents().isEmpty()
                ? Map.of()
                : parents.ofCheckpoints(List.of(row.id()), access.scope()),
            Map.of(
                row.id(),
                new CheckpointContentQueries.Totals(
                    files.size(), files.stream().mapToLong(FileRequest::size).sum())),
            files.isEmpty() ? Map.of() : Map.of(row.id(), views(files)));
    return view(run, row, hanging, true);
  }

  private List<CheckpointFileView> views(List<FileRequest> files) {
    var statuses =
        artifacts.statuses(files.stream().map(FileRequest::sha256).collect(Collectors.toSet()));
    return files.stream().map(file -> view(file, statuses)).toList();
  }

  List<FileRequest> files(UUID id) {
    return contents.files(id);
  }

  /** Whether something says that it comes from this checkpoint. */
  boolean isParent(UUID id) {
    return contents.isParent(id);
  }

  /** How many of these rows, from the first on, can be shown with their files. */
  int showable(List<CheckpointRow> rows) {
    var totals = totals(rows);
    long files = 0;
    for (int i = 0; i < rows.size(); i++) {
      var total = totals.get(rows.get(i).id());
      files += total == null ? 0 : total.files();
      if (i > 0 && files > FILES_SHOWN) {
        return i;
      }
    }
    return rows.size();
  }

  private Map<UUID, CheckpointContentQueries.Totals> totals(List<CheckpointRow> rows) {
    return contents.totals(rows.stream().map(CheckpointRow::id).toList());
  }

  List<CheckpointView> views(RunRef run, List<CheckpointRow> rows, boolean withFiles) {
    var ids = rows.stream().map(CheckpointRow::id).toList();
    var hanging =
        new Hanging(
            contents.labels(ids),
            parents.ofCheckpoints(ids, access.scope()),
            totals(rows),
            withFiles ? files(rows) : Map.of());
    return rows.stream().map(row -> view(run, row, hanging, withFiles)).toList();
  }

  /** What hangs on checkpoints, by their ids. */
  private record Hanging(
      Map<UUID, List<String>> labels,
      Map<UUID, List<ParentView>> parents,
      Map<UUID, CheckpointContentQueries.Totals> totals,
      Map<UUID, List<CheckpointFileView>> files) {}

  private static CheckpointView view(
      RunRef run, CheckpointRow row, Hanging hanging, boolean withFiles) {
    var total = hanging.totals().getOrDefault(row.id(), new CheckpointContentQueries.Totals(0, 0));
    return new CheckpointView(
        run.project(),
        run.name(),
        row.label(),
        hanging.labels().getOrDefault(row.id(), List.of()),
        row.stage(),
        row.branch(),
        row.step(),
        row.segmentName(),
        row.position(),
        row.tokens() == null ? row.claimedTokens() : row.tokens(),
        row.sequences() == null ? row.claimedSequences() : row.sequences(),
        row.totalTokens(),
        row.claimedTokens() == null && row.claimedSequences() == null
            ? null
            : new CheckpointView.Claimed(row.claimedTokens(), row.claimedSequences()),
        row.kind(),
        row.weightsKind(),
        row.components(),
        row.representations(),
        row.state(),
        row.sealFailure(),
        row.takenAt(),
        row.createdAt(),
        row.state() == CheckpointState.SEALED ? row.sealedAt() : null,
        row.state() == CheckpointState.SEALED ? row.manifestDigest() : null,
        row.weightsDigest(),
        row.looseWeightsDigest(),
        hanging.parents().getOrDefault(row.id(), List.of()),
        row.metadata(),
        total.files(),
        total.bytes(),
        withFiles ? hanging.files().getOrDefault(row.id(), List.of()) : null);
  }

  /**
   * The files of these checkpoints and how far their bytes are; those of a sealed one were verified
   * by definition, and may have been damaged since.
   */
  private Map<UUID, List<CheckpointFileView>> files(List<CheckpointRow> rows) {
    var files = contents.files(rows.stream().map(CheckpointRow::id).toList());
    var open = digests(rows, files, row -> row.state() != CheckpointState.SEALED);
    var sealed = digests(rows, files, row -> row.state() == CheckpointState.SEALED);
    var statuses = new HashMap<>(artifacts.statuses(open));
    statuses.putAll(artifacts.damaged(sealed));
    return files.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> e.getValue().stream().map(file -> view(file, statuses)).toList()));
  }

  private static Set<Sha256> digests(
      List<CheckpointRow> rows,
      Map<UUID, List<FileRequest>> files,
      Predicate<CheckpointRow> which) {
    return rows.stream()
        .filter(which)
        .flatMap(row -> files.getOrDefault(row.id(), List.of()).stream())
        .map(FileRequest::sha256)
        .collect(Collectors.toSet());
  }

  static CheckpointFileView view(FileRequest file, Map<Sha256, ArtifactStatus> statuses) {
    var status = statuses.get(file.sha256());
    return new CheckpointFileView(
        file.path(),
        file.sha256(),
        file.size(),
        java.util.Objects.requireNonNull(file.role()),
        java.util.Objects.requireNonNull(file.mediaType()),
        file.representation(),
        status == null ? ArtifactState.VERIFIED : status.state());
  }
}
