package org.cairn.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.cairn.platform.JsonColumn;
import org.cairn.run.JsonColumns.Seeds;
import org.cairn.run.JsonColumns.Texts;
import org.cairn.run.JsonColumns.Words;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A stretch of a run with one configuration, code, environment, data order and parent. */
@Entity
@Table(name = "segment")
class Segment {

  @Id private UUID id;

  @SuppressWarnings("UnusedVariable") // queries read it
  private UUID runId;

  private int ordinal;
  private String name;
  private String stage;
  private String branch;
  private long startStep;
  private @Nullable Long endStep;
  private @Nullable UUID configurationId;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonColumn code;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonColumn environment;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable JsonColumn hardware;

  private @Nullable Long worldSize;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Words argv;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Seeds seeds;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable BatchSchedule batchSchedule;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable DataOrder dataOrder;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Texts externalIds;

  private @Nullable Long stepsBefore;
  private @Nullable Long tokensBefore;
  private @Nullable Long sequencesBefore;
  private @Nullable Long claimedStepsBefore;
  private @Nullable Long claimedTokensBefore;
  private @Nullable Long claimedSequencesBefore;
  private @Nullable Long tokensAtStart;
  private @Nullable Long sequencesAtStart;

  @JdbcTypeCode(SqlTypes.JSON)
  private JsonColumn metadata;

  private Instant createdAt;
  private Instant updatedAt;
  @Version private long version;

  @SuppressWarnings("NullAway.Init") // for Hibernate
  Segment() {}

  Segment(
      UUID id,
      UUID runId,
      int ordinal,
      CreateSegmentRequest request,
      SegmentStart start,
      ObjectNode metadata,
      Instant createdAt) {
    this.id = id;
    this.runId = runId;
    this.ordinal = ordinal;
    this.name = request.name();
    this.stage = Objects.requireNonNullElse(request.stage(), "");
    this.branch = Objects.requireNonNullElse(request.branch(), "");
    this.startStep = start.startStep();
    this.endStep = request.endStep();
    this.configurationId = request.configuration();
    this.code = JsonColumn.of(request.code());
    this.environment = JsonColumn.of(request.environment());
    this.hardware = JsonColumn.of(request.hardware());
    this.worldSize = request.worldSize();
    this.argv = Words.of(request.argv());
    this.seeds = Seeds.of(request.seeds());
    this.batchSchedule = BatchSchedule.of("batchSchedule", request.batchSchedule());
    this.dataOrder = request.dataOrder();
    this.externalIds = Texts.of(request.externalIds());
    var before = start.before();
    this.stepsBefore = before.steps();
    this.tokensBefore = before.tokens();
    this.sequencesBefore = before.sequences();
    this.claimedStepsBefore = start.claimed().steps();
    this.claimedTokensBefore = start.claimed().tokens();
    this.claimedSequencesBefore = start.claimed().sequences();
    this.tokensAtStart = start.tokensAtStart();
    this.sequencesAtStart = start.sequencesAtStart();
    this.metadata = new JsonColumn(metadata);
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
  }

  void change(SegmentPatch patch, Instant now) {
    endStep = patch.endStep() == null ? endStep : patch.endStep();
    externalIds = patch.externalIds() == null ? externalIds : new Texts(patch.externalIds());
    metadata = patch.metadata() == null ? metadata : new JsonColumn(patch.metadata());
    updatedAt = now;
  }

  UUID id() {
    return id;
  }

  int ordinal() {
    return ordinal;
  }

  long startStep() {
    return startStep;
  }

  long version() {
    return version;
  }

  SegmentView view(RunRef run, List<ParentView> parents) {
    var claimed = new BeforeClaim(claimedStepsBefore, claimedTokensBefore, claimedSequencesBefore);
    return new SegmentView(
        run.project(),
        run.name(),
        name,
        ordinal,
        stage,
        branch,
        startStep,
        endStep,
        configurationId,
        JsonColumn.objectOf(code),
        JsonColumn.objectOf(environment),
        JsonColumn.objectOf(hardware),
        worldSize,
        argv == null ? null : argv.values(),
        seeds == null ? null : seeds.values(),
        batchSchedule == null ? null : batchSchedule.points(),
        dataOrder,
        externalIds == null ? null : externalIds.values(),
        new BeforeClaim(stepsBefore, tokensBefore, sequencesBefore),
        claimed.equals(BeforeClaim.NONE) ? null : claimed,
        tokensAtStart,
        sequencesAtStart,
        parents,
        metadata.object(),
        createdAt,
        updatedAt);
  }
}
