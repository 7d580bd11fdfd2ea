package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.ArtifactStatus;
import org.cairn.job.JobService;
import org.cairn.job.JobState;
import org.cairn.platform.Sha256;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints immutable, step by step: {@link #begin} fixes the files and leaves a job; the
 * job waits for the verification of the bytes and looks at the tensors, {@link #describe} fixes the
 * manifest, the job stores it and what it names, and only then calls {@link #finish}. A crash
 * between any two of these is taken up where it was, and writes the same bytes.
 */
@ApplicationScoped
class SealService {

  /** Most faults that a refusal lists. */
  private static final int FAULTS_SHOWN = 50;

  private final RunService runs;
  private final CheckpointReader reader;
  private final CheckpointContentQueries contents;
  private final CheckpointRepository checkpoints;
  private final ManifestService manifests;
  private final ArtifactService artifacts;
  private final FindingService findings;
  private final WeightFiles weightFiles;
  private final JobService jobs;
  private final Event<CheckpointSealed> sealed;
  private final ObjectMapper json;
  private final Clock clock;

  SealService(
      RunService runs,
      CheckpointReader reader,
      CheckpointContentQueries contents,
      CheckpointRepository checkpoints,
      ManifestService manifests,
      ArtifactService artifacts,
      FindingService findings,
      WeightFiles weightFiles,
      JobService jobs,
      Event<CheckpointSealed> sealed,
      ObjectMapper json,
      Clock clock) {
    this.runs = runs;
    this.reader = reader;
    this.contents = contents;
    this.checkpoints = checkpoints;
    this.manifests = manifests;
    this.artifacts = artifacts;
    this.findings = findings;
    this.weightFiles = weightFiles;
    this.jobs = jobs;
    this.sealed = sealed;
    this.json = json;
    this.clock = clock;
  }

  /** Begins to seal a draft; does nothing where that was done before. */
  @Transactional
  void begin(String project, String run, String ref) {
    var runRef = runs.ref(project, run);
    var id = reader.get(runRef, ref).id();
    var checkpoint =
        checkpoints.lock(id).orElseThrow(() -> RegistryException.notFound("checkpoint", ref));
    if (isAbandoned(checkpoint)) {
      checkpoint.sealedBy(enqueue(runRef, checkpoint, 0));
    }
    if (checkpoint.state() != CheckpointState.DRAFT) {
      return;
    }
    var files = contents.files(id);
    var faults = faults(files);
    if (!faults.isEmpty()) {
      throw new RegistryException(
          ProblemType.INCOMPLETE,
          "Checkpoint "
              + checkpoint.label()
              + " cannot be sealed: "
              + faults.getFirst().field()
              + ": "
              + faults.getFirst().message()
              + (faults.size() > 1 ? ", and " + (faults.size() - 1) + " more" : ""),
          faults.subList(0, Math.min(FAULTS_SHOWN, faults.size())));
    }
    checkpoint.beginSealing(enqueue(runRef, checkpoint, files.size()), clock.instant());
  }

  /** The files of a checkpoint. */
  @Transactional
  List<FileRequest> files(UUID id) {
    return contents.files(id);
  }

  /** Fixes the manifest of a checkpoint whose bytes are all verified, unless that was done. */
  @Transactional
  void describe(UUID id, CheckpointWeights.Assessment weights) {
    var checkpoint = checkpoints.lock(id).orElse(null);
    if (checkpoint == null
        || checkpoint.state() != CheckpointState.SEALING
        || checkpoint.manifest() != null) {
      return;
    }
    weightFiles.decide(id, weights.files());
    checkpoint.weights(weights.digest());
    checkpoints.flush(); // the manifest is read from the rows
    findings.recordAll(
        checkpoint.runId(),
        weights.faults().stream()
            .map(fault ->
                new NewFinding(
                    id,
                    fault.findingClass(),
                    "checkpoint " + checkpoint.label() + " file " + fault.path(),
                    fault.evidence()))
            .toList());
    var manifest =
        manifests.manifest(
            runs.ref(checkpoint.runId()), id, contents.files(id), checkpoint.sealingSince());
    checkpoint.manifest(new String(manifest, StandardCharsets.UTF_8), Sha256.of(manifest));
  }

  /**
   * Why these files cannot be sealed: bytes that never came, that failed, or that have another
   * size.
   */
  private List<Problem.Violation> faults(List<FileRequest> files) {
    if (files.isEmpty()) {
      return List.of(new Problem.Violation("files", "a checkpoint without files cannot be sealed"));
    }
    var statuses = statuses(files);
    var faults = new ArrayList<Problem.Violation>();
    for (var file : files) {
      var fault = fault(file, statuses.get(file.sha256()));
      if (fault != null) {
        faults.add(new Problem.Violation(file.path(), fault));
      }
    }
    return faults;
  }

  private static @Nullable String fault(FileRequest file, @Nullable ArtifactStatus status) {
    if (status == null || status.state() == ArtifactState.MISSING) {
      return "no bytes with sha256 " + file.sha256() + " were uploaded";
    }
    if (status.state() == ArtifactState.DAMAGED) {
      return "its stored bytes are damaged: upload them again";
    }
    if (status.state() == ArtifactState.FAILED) {
      return "its upload failed verification: " + status.failure();
    }
    return status.size() != null && !status.size().equals(file.size())
        ? "is declared with " + file.size() + " bytes, but its content has " + status.size()
        : null;
  }

  private Map<Sha256, ArtifactStatus> statuses(List<FileRequest> files) {
    return artifacts.statuses(files.stream().map(FileRequest::sha256).collect(Collectors.toSet()));
  }

  private UUID enqueue(RunRef run, Checkpoint checkpoint, int files) {
    return jobs.enqueue(
        SealJob.KIND,
        "checkpoint " + run.project() + "/" + run.name() + "@" + checkpoint.label(),
        json.createObjectNode().put("checkpoint", checkpoint.id().toString()),
        files);
  }

  /** Whether nobody is going to finish the sealing: the job gave up, was cancelled or is gone. */
  private boolean isAbandoned(Checkpoint checkpoint) {
    if (checkpoint.state() != CheckpointState.SEALING) {
      return false;
    }
    try {
      var state = jobs.get(Objects.requireNonNull(checkpoint.sealJobId())).state();
      return state != JobState.QUEUED && state != JobState.RUNNING;
    } catch (RegistryException gone) {
      return true;
    }
  }

  /**
   * What the job has to do for a checkpoint that is being sealed.
   *
   * @param runId null where it is over
   * @param manifest null before {@link #describe}
   */
  record Progress(
      boolean over,
      @Nullable UUID runId,
      int verified,
      int files,
      String key,
      @Nullable String manifest,
      @Nullable String failure) {

    static Progress over(int files, @Nullable String failure) {
      return new Progress(true, null, 0, files, "", null, failure);
    }
  }

  /** How far the files of a checkpoint are; gives the draft back where one of them failed. */
  @Transactional
  Progress progress(UUID id) {
    var checkpoint = checkpoints.lock(id).orElse(null);
    if (checkpoint == null || checkpoint.state() != CheckpointState.SEALING) {
      return Progress.over(0, null);
    }
    var files = contents.files(id);
    var statuses = statuses(files);
    for (var file : files) {
      var fault = fault(file, statuses.get(file.sha256()));
      if (fault != null) {
        manifests.abandon(checkpoint.manifestSha256(), clock.instant());
        checkpoint.sealingFailed(file.path() + ": " + fault, clock.instant());
        return Progress.over(files.size(), file.path() + ": " + fault);
      }
    }
    int verified =
        (int)
            files.stream()
                .filter(f ->
                    Objects.requireNonNull(statuses.get(f.sha256())).state()
                        == ArtifactState.VERIFIED)
                .count();
    var run = runs.ref(checkpoint.runId());
    return new Progress(
        false,
        run.id(),
        verified,
        files.size(),
        ManifestFolder.key(run.project(), run.name(), String.valueOf(checkpoint.manifestSha256()))
            .value(),
        checkpoint.manifest(),
        null);
  }

  /** The manifest is stored: from now on the checkpoint is sealed. */
  @Transactional
  void finish(UUID id) {
    checkpoints
        .lock(id)
        .filter(c -> c.state() == CheckpointState.SEALING)
        .ifPresent(checkpoint -> {
          checkpoint.sealed(clock.instant());
          sealed.fire(new CheckpointSealed(checkpoint.runId()));
        });
  }

  /** The canonical manifest of a sealed checkpoint. */
  @Transactional
  Manifest manifest(String project, String run, String ref) {
    var row = reader.get(runs.ref(project, run), ref);
    if (row.state() != CheckpointState.SEALED) {
      throw RegistryException.notFound(
          "manifest of checkpoint", row.label() + ", which is not sealed");
    }
    var checkpoint = checkpoints.findById(row.id());
    return new Manifest(
        new Sha256(Objects.requireNonNull(checkpoint.manifestSha256())),
        Objects.requireNonNull(checkpoint.manifest()));
  }

  /** A manifest and the SHA-256 of its bytes in UTF-8. */
  record Manifest(Sha256 digest, String canonical) {}
}
