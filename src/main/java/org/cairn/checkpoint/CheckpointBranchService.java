package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileRoles;
import org.cairn.platform.Names;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints as branches to which somebody commits files. A name that tells a step begins a draft
 * of that step where there is none.
 */
@ApplicationScoped
public class CheckpointBranchService {

  private final RunService runs;
  private final CheckpointCommitQueries queries;
  private final CheckpointCommits commits;
  private final CheckpointReader reader;
  private final CheckpointRegistrar registrar;
  private final CheckpointRepository checkpoints;
  private final CheckpointFileRows files;
  private final LabelService labels;
  private final TrainerClaims claims;
  private final Clock clock;

  CheckpointBranchService(
      RunService runs,
      CheckpointCommitQueries queries,
      CheckpointCommits commits,
      CheckpointReader reader,
      CheckpointRegistrar registrar,
      CheckpointRepository checkpoints,
      CheckpointFileRows files,
      LabelService labels,
      TrainerClaims claims,
      Clock clock) {
    this.runs = runs;
    this.queries = queries;
    this.commits = commits;
    this.reader = reader;
    this.registrar = registrar;
    this.checkpoints = checkpoints;
    this.files = files;
    this.labels = labels;
    this.claims = claims;
    this.clock = clock;
  }

  /**
   * Where a commit to some name goes.
   *
   * @param label of the checkpoint, or the one that it would get
   * @param exists whether there is a checkpoint
   * @param frozen whether it takes no more files
   */
  public record Branch(String label, boolean exists, boolean frozen) {}

  /** Empty where a commit to this name could go nowhere. */
  @Transactional
  public Optional<Branch> branch(UUID runId, String name) {
    var found = find(runId, name);
    if (found.isPresent()) {
      var row = reader.rows(List.of(found.get())).getFirst();
      return Optional.of(new Branch(row.label(), true, row.state() != CheckpointState.DRAFT));
    }
    return StepSpelling.parse(name)
        .filter(CheckpointBranchService::canBegin)
        .filter(spelling -> Names.faultOfLabel(name).isEmpty())
        .map(spelling -> new Branch(name, false, false));
  }

  private static boolean canBegin(StepSpelling spelling) {
    return Names.isPart(spelling.said().stage()) && Names.isPart(spelling.said().branch());
  }

  /** A tag is no branch, unless it is a way to tell the step. */
  private Optional<UUID> find(UUID runId, String name) {
    var spelling = StepSpelling.parse(name);
    var labelled = queries.byLabels(runId, List.of(name)).get(name);
    if (labelled != null) {
      var checkpoint = labelled.checkpoint();
      return checkpoint.label().equals(name) || spelling.isPresent()
          ? Optional.of(checkpoint.id())
          : Optional.empty();
    }
    return spelling
        .flatMap(step -> step.choose(queries.atStep(runId, step.step())))
        .map(CheckpointCommitQueries.AtStep::id);
  }

  /** Begins a draft without files. */
  @Transactional
  public void begin(UUID runId, String name) {
    runs.hold(runId);
    if (find(runId, name).isPresent()) {
      throw RegistryException.conflict("Reference refs/heads/" + name + " already exists");
    }
    var _ = register(runId, name);
  }

  private UUID register(UUID runId, String name) {
    var spelling =
        StepSpelling.parse(name).orElseThrow(() -> RegistryException.notFound("branch", name));
    var request =
        new CheckpointRequest(
            spelling.said().stage(),
            spelling.said().branch(),
            spelling.step(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            name,
            null,
            clock.instant(),
            null,
            null,
            null);
    var outcome = registrar.register(runs.held(runId), List.of(request)).getFirst();
    if (outcome.refused() != null) {
      throw outcome.refused();
    }
    return Objects.requireNonNull(outcome.added()).checkpoint().id();
  }

  /**
   * Changes the files of a draft, wholly or not at all. Others who do so wait, so that nothing is
   * lost; changes that come to nothing leave the commit as it is.
   *
   * @param parent beginning of the commit that the changes are meant for; null for any
   * @param trainer what a training program says in one of the files; null where none does
   * @return the commit afterwards
   */
  @Transactional
  public String commit(
      UUID runId,
      String name,
      FileChanges changes,
      @Nullable String parent,
      @Nullable TrainerState trainer) {
    var id = find(runId, name).orElseGet(() -> begun(runId, name));
    commits.hold(runId);
    var draft = checkpoints.lock(id).orElseThrow(() -> RegistryException.notFound("branch", name));
    checkDraft(draft);
    var head = head(runId, id);
    if (parent != null && !head.startsWith(parent)) {
      throw new RegistryException(
          ProblemType.PRECONDITION_FAILED, "Checkpoint " + draft.label() + " is at " + head);
    }
    var outcome = changes.on(reader.files(id).stream().map(FileRequest::entry).toList());
    if (!outcome.missing().isEmpty()) {
      throw RegistryException.notFound("file", outcome.missing().getFirst());
    }
    if (outcome.isEmpty()) {
      return head;
    }
    CheckpointPreparation.checkWhole(outcome.after().stream().map(this::file).toList());
    if (!outcome.removed().isEmpty()) {
      files.delete(id, outcome.removed());
    }
    if (!outcome.put().isEmpty()) {
      files.put(id, outcome.put().stream().map(this::file).toList());
    }
    if (trainer != null) {
      claims.keep(runId, reader.rows(List.of(id)).getFirst(), trainer);
    }
    draft.touch(clock.instant());
    checkpoints.flush();
    return head(runId, id);
  }

  /** Of two who begin a step at once, the second finds what the first one began. */
  private UUID begun(UUID runId, String name) {
    runs.hold(runId);
    return find(runId, name).orElseGet(() -> register(runId, name));
  }

  private String head(UUID runId, UUID id) {
    commits.compute(runId, List.of(id));
    return queries.byId(id).orElseThrow().checkpoint().commit();
  }

  private FileRequest file(FileEntry file) {
    return new FileRequest(
            file.path(),
            file.sha256(),
            file.size(),
            null,
            FileRoles.mediaType(file.path()),
            FileRoles.representation(file.path()))
        .normalised();
  }

  /** Takes away a draft. */
  @Transactional
  public void delete(UUID runId, String name) {
    var draft =
        find(runId, name)
            .flatMap(checkpoints::lock)
            .orElseThrow(() -> RegistryException.notFound("branch", name));
    checkDraft(draft);
    if (reader.isParent(draft.id())) {
      throw RegistryException.conflict(
          "Checkpoint " + draft.label() + " is the parent of a segment or checkpoint");
    }
    checkpoints.delete(draft);
  }

  private static void checkDraft(Checkpoint checkpoint) {
    if (checkpoint.state() != CheckpointState.DRAFT) {
      throw new RegistryException(
          ProblemType.SEALED, "Checkpoint " + checkpoint.label() + " is sealed: it never changes");
    }
  }

  /** Gives a checkpoint another label. */
  @Transactional
  public void tag(UUID runId, String label, String tag) {
    if (reader.find(runId, tag).isPresent()) {
      throw RegistryException.conflict("Reference refs/tags/" + tag + " already exists");
    }
    var run = runs.ref(runId);
    var _ = labels.assign(run.project(), run.name(), tag, label);
  }

  /** Takes a label away. */
  @Transactional
  public void untag(UUID runId, String tag) {
    var run = runs.ref(runId);
    labels.retire(run.project(), run.name(), tag);
  }
}
