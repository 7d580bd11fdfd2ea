package org.cairn.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.access.Access;
import org.cairn.access.ReadScope;
import org.cairn.api.EntityTags;
import org.cairn.api.Idempotency;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.artifact.ArtifactService;
import org.cairn.platform.Names;
import org.jspecify.annotations.Nullable;

/** The rules of segments. */
@ApplicationScoped
public class SegmentService {

  /** Environments list every installed package, and code may carry a whole patch. */
  private static final int MAX_RECORD_BYTES = 1 << 20;

  private final SegmentRepository segments;
  private final SegmentQueries queries;
  private final RunRepository runs;
  private final RunRefQueries refs;
  private final SegmentReferences references;
  private final FindingService findings;
  private final ArtifactService artifacts;
  private final Access access;
  private final Idempotency idempotency;
  private final Clock clock;

  SegmentService(
      SegmentRepository segments,
      SegmentQueries queries,
      RunRepository runs,
      RunRefQueries refs,
      SegmentReferences references,
      FindingService findings,
      ArtifactService artifacts,
      Access access,
      Idempotency idempotency,
      Clock clock) {
    this.segments = segments;
    this.queries = queries;
    this.runs = runs;
    this.refs = refs;
    this.references = references;
    this.findings = findings;
    this.artifacts = artifacts;
    this.access = access;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /** A segment of a run by its name, whose case does not matter. */
  public Optional<SegmentFacts> find(UUID runId, String name) {
    return queries.factsOf(runId, name);
  }

  @Transactional
  SegmentView create(
      String project, String run, CreateSegmentRequest request, @Nullable String key) {
    var ref = ref(project, run);
    check(request);
    return idempotency.once(
        "createSegment " + ref.id(), key, request, SegmentView.class, () -> insert(ref, request));
  }

  /** Whether a run has a segment of this name, or one that begins there. */
  @Transactional
  public boolean has(UUID runId, String name, String stage, String branch, long startStep) {
    return queries.factsOf(runId, name).isPresent() || queries.has(runId, stage, branch, startStep);
  }

  /**
   * Registers a segment, where none begins there and none has its name.
   *
   * @return whether there is a new segment
   */
  @Transactional
  public boolean ensure(RunRef run, ToldSegment told) {
    runs.lock(run.id());
    if (has(run.id(), told.name(), told.stage(), told.branch(), told.startStep())) {
      return false;
    }
    insert(
        run,
        new CreateSegmentRequest(
            told.name(),
            null,
            told.stage(),
            told.branch(),
            told.startStep(),
            told.endStep(),
            told.configuration(),
            null,
            null,
            null,
            null,
            null,
            null,
            told.schedule() == null ? null : told.schedule().points(),
            null,
            null,
            null,
            told.parents().isEmpty() ? null : told.parents(),
            null));
    return true;
  }

  /** A segment as it is sealed: with all its parents, whoever asks. */
  SegmentView sealed(String project, String run, String name) {
    var ref = ref(project, run);
    var segment = byName(ref, name);
    return segment.view(ref, references.viewsOf(segment.id(), ReadScope.EVERYTHING));
  }

  Versioned<SegmentView> get(String project, String run, String name) {
    var ref = ref(project, run);
    var segment = byName(ref, name);
    return new Versioned<>(
        segment.view(ref, references.viewsOf(segment.id(), access.scope())), segment.version());
  }

  PageView<SegmentView> list(String project, String run, @Nullable String pageToken, int size) {
    var ref = ref(project, run);
    var from = PageToken.parse(pageToken, 1);
    var rows = queries.page(ref.id(), from == null ? -1 : from.smallNumber(0), size + 1);
    var views = references.viewsOf(rows.stream().map(Segment::id).toList(), access.scope());
    return PageView.of(
        rows,
        size,
        row -> row.view(ref, views.getOrDefault(row.id(), List.of())),
        row -> new PageToken(List.of(Integer.toString(row.ordinal()))));
  }

  /** The segments of a run in their order, up to {@code limit}, as the caller sees them. */
  List<SegmentView> first(RunRef run, int limit) {
    var rows = queries.page(run.id(), -1, limit);
    var views = references.viewsOf(rows.stream().map(Segment::id).toList(), access.scope());
    return rows.stream()
        .map(row -> row.view(run, views.getOrDefault(row.id(), List.of())))
        .toList();
  }

  @Transactional
  Versioned<SegmentView> patch(
      String project, String run, String name, SegmentPatch patch, @Nullable String ifMatch) {
    var ref = ref(project, run);
    var segment = byName(ref, name);
    EntityTags.require(ifMatch, segment.version());
    checkEnd(segment.startStep(), patch.endStep());
    Metadata.check("metadata", patch.metadata());
    segment.change(patch, clock.instant());
    segments.flush();
    return new Versioned<>(
        segment.view(ref, references.viewsOf(segment.id(), access.scope())), segment.version());
  }

  private SegmentView insert(RunRef ref, CreateSegmentRequest request) {
    var run = runs.lock(ref.id()); // so that two segments do not take one place
    var order = request.dataOrder();
    if (order != null && order.sha256() != null) {
      var _ = artifacts.claim(List.of(order.sha256()));
    }
    references.check(ref, request);
    var resolved = references.resolve(ref, request.parents());
    var own = BatchSchedule.of("batchSchedule", request.batchSchedule());
    var startStep = Objects.requireNonNullElse(request.startStep(), 0L);
    var start =
        new SegmentStart(
            startStep,
            own == null ? run.batchSchedule() : own,
            Objects.requireNonNullElse(request.before(), BeforeClaim.NONE),
            references.countsOf(ref, request, resolved));
    var ordinal =
        request.ordinal() == null ? segments.nextOrdinal(ref.id()) : request.ordinal().intValue();
    var segment =
        new Segment(
            UUID.randomUUID(),
            ref.id(),
            ordinal,
            request,
            start,
            Metadata.check("metadata", request.metadata()),
            clock.instant());
    segments.persistAndFlush(segment); // a taken name fails here, as segment_name_unique
    references.attach(ref.id(), segment.id(), resolved);
    findings.recordAll(ref.id(), faults(request, start));
    return segment.view(ref, references.viewsOf(segment.id(), access.scope()));
  }

  /** One finding for each kind of disagreement, with every value that shows it. */
  private static List<NewFinding> faults(CreateSegmentRequest request, SegmentStart start) {
    var found = new ArrayList<NewFinding>();
    var disagreements = start.disagreements();
    for (var findingClass :
        disagreements.stream().map(SegmentStart.Disagreement::findingClass).distinct().toList()) {
      var evidence = JsonNodeFactory.instance.objectNode();
      evidence.put("segment", request.name()).put("startStep", start.startStep());
      for (var fault : disagreements) {
        if (fault.findingClass().equals(findingClass)) {
          evidence
              .putObject(fault.unit())
              .put("computed", fault.expected())
              .put("claimed", fault.actual());
        }
      }
      found.add(new NewFinding(null, findingClass, "segment " + request.name(), evidence));
    }
    return found;
  }

  private static void check(CreateSegmentRequest request) {
    checkEnd(Objects.requireNonNullElse(request.startStep(), 0L), request.endStep());
    Metadata.check("metadata", request.metadata());
    checkRecord("code", request.code());
    checkRecord("environment", request.environment());
    checkRecord("hardware", request.hardware());
    if (request.dataOrder() != null) {
      request.dataOrder().check();
    }
  }

  private static void checkRecord(String field, @Nullable ObjectNode json) {
    if (json != null) {
      Metadata.check(field, json, MAX_RECORD_BYTES, Metadata.MAX_DEPTH);
    }
  }

  private static void checkEnd(long startStep, @Nullable Long endStep) {
    if (endStep != null && endStep < startStep) {
      throw RegistryException.invalid("endStep", "must not be less than startStep " + startStep);
    }
  }

  private Segment byName(RunRef run, String name) {
    return Optional.of(name)
        .filter(Names::isPart)
        .flatMap(part -> segments.byName(run.id(), part))
        .orElseThrow(() -> RegistryException.notFound("segment", run + " " + name));
  }

  private RunRef ref(String project, String run) {
    return refs.byName(project, run)
        .orElseThrow(() -> RegistryException.notFound("run", project + "/" + run));
  }
}
