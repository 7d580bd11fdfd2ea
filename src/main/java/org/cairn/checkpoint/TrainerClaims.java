package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactReader;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Sql;
import org.cairn.run.FindingService;
import org.cairn.run.NewFinding;
import org.jspecify.annotations.Nullable;

/**
 * Takes the state that a training program saved for what it is: the producer's claim, beside which
 * stands what follows from the batch schedule.
 */
@ApplicationScoped
public class TrainerClaims {

  /** Class of the finding that the state is that of another step. */
  private static final String STEP_DIFFERS = "step-differs-from-trainer-state";

  /** Largest file that is read; the history of losses in it grows with the run. */
  private static final long SIZE_MAX = 64L << 20;

  private final ArtifactReader artifacts;
  private final FindingService findings;
  private final ObjectMapper json;
  private final Sql sql;

  TrainerClaims(ArtifactReader artifacts, FindingService findings, ObjectMapper json, Sql sql) {
    this.artifacts = artifacts;
    this.findings = findings;
    this.json = json;
    this.sql = sql;
  }

  /**
   * What the last of these files with the name of a state says; null where none does, or its bytes
   * are not verified yet. Reads from the store, so never inside a transaction.
   */
  public @Nullable TrainerState among(List<FileEntry> files) {
    return files.reversed().stream()
        .filter(file -> file.path().equals(TrainerState.FILE))
        .findFirst()
        .filter(file -> file.size() <= SIZE_MAX)
        .flatMap(this::read)
        .orElse(null);
  }

  private Optional<TrainerState> read(FileEntry file) {
    try (var stream = artifacts.open(file.sha256())) {
      return TrainerState.parse(stream);
    } catch (RegistryException e) {
      if (e.type() == ProblemType.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps what the state says of a draft; the caller's transaction holds it. */
  void keep(UUID runId, CheckpointRow draft, TrainerState state) {
    var found = new ArrayList<NewFinding>();
    if (state.step() != null && state.step() != draft.step()) {
      var evidence = json.createObjectNode();
      evidence.put("step", draft.step()).put("claimedStep", state.step());
      found.add(finding(draft, STEP_DIFFERS, evidence));
    }
    if (state.tokens() != null) {
      sql.update(
          "update checkpoint set claimed_tokens = ? where id = ?",
          List.of(state.tokens(), draft.id()));
      if (draft.tokens() != null
          && !state.tokens().equals(draft.tokens())
          && !state.tokens().equals(draft.totalTokens())) {
        var evidence = json.createObjectNode().put("step", draft.step());
        evidence.put("claimedTokens", state.tokens()).put("computedTokens", draft.tokens());
        found.add(finding(draft, CheckpointPreparation.COUNTS_DIFFER, evidence));
      }
    }
    findings.recordAll(runId, found);
  }

  private static NewFinding finding(CheckpointRow draft, String kind, JsonNode evidence) {
    return new NewFinding(draft.id(), kind, "checkpoint " + draft.label(), evidence);
  }
}
