package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.cairn.api.EntityTags;
import org.cairn.api.Idempotency;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** Registers checkpoints and edits drafts. */
@ApplicationScoped
class CheckpointService {

  private final RunService runs;
  private final CheckpointRegistrar registrar;
  private final CheckpointRepository checkpoints;
  private final CheckpointFileRows files;
  private final CheckpointReader reader;
  private final Idempotency idempotency;
  private final Clock clock;

  CheckpointService(
      RunService runs,
      CheckpointRegistrar registrar,
      CheckpointRepository checkpoints,
      CheckpointFileRows files,
      CheckpointReader reader,
      Idempotency idempotency,
      Clock clock) {
    this.runs = runs;
    this.registrar = registrar;
    this.checkpoints = checkpoints;
    this.files = files;
    this.reader = reader;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  @Transactional
  CheckpointView create(
      String project, String run, @Nullable String idempotencyKey, CheckpointRequest request) {
    var held = runs.held(project, run);
    return idempotency.once(
        "createCheckpoint " + held.run().id(),
        idempotencyKey,
        request,
        CheckpointView.class,
        () -> {
          var outcome = registrar.register(held, List.of(request)).getFirst();
          if (outcome.refused() != null) {
            throw outcome.refused();
          }
          return reader.added(held.run(), Objects.requireNonNull(outcome.added()));
        });
  }

  /** One transaction of a bulk registration: each request wholly or not at all. */
  @Transactional
  List<CheckpointRegistrar.Outcome> registerAll(RunRef run, List<CheckpointRequest> requests) {
    return registrar.register(runs.held(run.id()), requests);
  }

  /** Adds files to a draft or gives paths new content. */
  @Transactional
  CheckpointView putFiles(
      String project,
      String run,
      String ref,
      List<FileRequest> added,
      @Nullable String ifMatch,
      @Nullable String idempotencyKey) {
    var runRef = runs.ref(project, run);
    return idempotency.once(
        "putCheckpointFiles " + runRef.id() + " " + ref,
        idempotencyKey,
        added,
        CheckpointView.class,
        () -> {
          var draft = draft(runRef, ref, ifMatch);
          files.put(draft.id(), CheckpointPreparation.files(added));
          CheckpointPreparation.checkWhole(reader.files(draft.id()));
          draft.touch(clock.instant());
          checkpoints.flush();
          return reader.view(runRef, draft.id());
        });
  }

  @Transactional
  void deleteFile(String project, String run, String ref, String path, @Nullable String ifMatch) {
    var draft = draft(runs.ref(project, run), ref, ifMatch);
    if (!Names.faultOfPath(path).isEmpty() || !files.delete(draft.id(), path)) {
      throw RegistryException.notFound("file", path);
    }
    draft.touch(clock.instant());
  }

  @Transactional
  void delete(String project, String run, String ref, @Nullable String ifMatch) {
    var draft = draft(runs.ref(project, run), ref, ifMatch);
    if (reader.isParent(draft.id())) {
      throw RegistryException.conflict(
          "Checkpoint " + draft.label() + " is the parent of a segment or checkpoint");
    }
    checkpoints.delete(draft);
  }

  /** The draft that {@code ref} names, its row kept until the end of the transaction. */
  private Checkpoint draft(RunRef run, String ref, @Nullable String ifMatch) {
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
    EntityTags.honour(ifMatch, checkpoint.version());
    return checkpoint;
  }
}
