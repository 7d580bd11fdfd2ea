package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.api.Idempotency;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.cairn.run.SegmentService;
import org.jspecify.annotations.Nullable;

/** Registers checkpoints and edits drafts. */
@ApplicationScoped
class CheckpointService {

  private final RunService runs;
  private final SegmentService segments;
  private final CheckpointPreparation preparation;
  private final CheckpointRegistrar registrar;
  private final CheckpointRepository checkpoints;
  private final CheckpointRows rows;
  private final CheckpointReader reader;
  private final Idempotency idempotency;
  private final Clock clock;

  CheckpointService(
      RunService runs,
      SegmentService segments,
      CheckpointPreparation preparation,
      CheckpointRegistrar registrar,
      CheckpointRepository checkpoints,
      CheckpointRows rows,
      CheckpointReader reader,
      Idempotency idempotency,
      Clock clock) {
    this.runs = runs;
    this.segments = segments;
    this.preparation = preparation;
    this.registrar = registrar;
    this.checkpoints = checkpoints;
    this.rows = rows;
    this.reader = reader;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  @Transactional
  RunContext context(String project, String run) {
    var ref = runs.ref(project, run);
    return new RunContext(ref, segments.segmentsOf(ref.id()), runs.counter(ref.id()));
  }

  @Transactional
  CheckpointView create(
      String project, String run, @Nullable String idempotencyKey, CheckpointRequest request) {
    return idempotency.once(
        "createCheckpoint " + project + "/" + run,
        idempotencyKey,
        request,
        CheckpointView.class,
        () -> create(context(project, run), request));
  }

  private CheckpointView create(RunContext context, CheckpointRequest request) {
    var prepared = preparation.prepare(context, request);
    var outcome =
        Objects.requireNonNull(registrar.register(context, List.of(prepared)).get(prepared.id()));
    if (outcome.conflict() != null) {
      throw RegistryException.conflict("There is already a " + outcome.conflict());
    }
    return reader.view(context.run(), prepared.id());
  }

  /** One transaction of a bulk registration. */
  @Transactional
  Map<UUID, CheckpointRows.Outcome> registerAll(
      RunContext context, Collection<PreparedCheckpoint> prepared) {
    return registrar.register(context, prepared);
  }

  /** Adds files to a draft or gives paths new content. */
  @Transactional
  CheckpointView putFiles(String project, String run, String ref, List<FileRequest> files) {
    var context = runs.ref(project, run);
    var draft = draft(context, ref);
    var prepared = CheckpointPreparation.files(files);
    rows.putFiles(draft.id(), prepared);
    var paths = reader.paths(draft.id());
    if (paths.size() > CheckpointRequest.FILES_MAX) {
      throw RegistryException.invalid(
          "files", "a checkpoint has at most " + CheckpointRequest.FILES_MAX + " files");
    }
    var clash = CheckpointPreparation.clash(paths);
    if (clash != null) {
      throw RegistryException.invalid("files", clash);
    }
    draft.touch(clock.instant());
    checkpoints.flush();
    return reader.view(context, draft.id());
  }

  @Transactional
  void deleteFile(String project, String run, String ref, String path) {
    var draft = draft(runs.ref(project, run), ref);
    if (!rows.deleteFile(draft.id(), path)) {
      throw RegistryException.notFound("file", path);
    }
    draft.touch(clock.instant());
  }

  @Transactional
  void delete(String project, String run, String ref) {
    var draft = draft(runs.ref(project, run), ref);
    if (rows.isParent(draft.id())) {
      throw RegistryException.conflict(
          "Checkpoint " + draft.label() + " is the parent of a segment or checkpoint");
    }
    checkpoints.delete(draft);
  }

  /** The draft that {@code ref} names, its row kept until the end of the transaction. */
  private Checkpoint draft(RunRef run, String ref) {
    var row =
        reader.find(run.id(), ref).orElseThrow(() -> RegistryException.notFound("checkpoint", ref));
    var checkpoint =
        checkpoints.lock(row.id()).orElseThrow(() -> RegistryException.notFound("checkpoint", ref));
    if (checkpoint.state() != CheckpointState.DRAFT) {
      throw new RegistryException(
          ProblemType.SEALED,
          "Checkpoint "
              + checkpoint.label()
              + (checkpoint.state() == CheckpointState.SEALED ? " is sealed" : " is being sealed")
              + " and never changes again");
    }
    return checkpoint;
  }
}
