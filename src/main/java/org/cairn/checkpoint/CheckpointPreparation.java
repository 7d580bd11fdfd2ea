package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.api.Metadata;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;
import org.cairn.run.CheckpointPosition;
import org.cairn.run.Counts;
import org.cairn.run.ResolvedParent;
import org.cairn.run.SegmentFacts;
import org.jspecify.annotations.Nullable;

/** Checks a request against its run and completes it: segment, counts, label, parents. */
@ApplicationScoped
class CheckpointPreparation {

  /** Class of the finding that a producer's counts are not those of the batch schedule. */
  static final String COUNTS_DIFFER = "counts-differ-from-schedule";

  /** Class of the finding that the segment named does not train that step. */
  private static final String STEP_OUTSIDE_SEGMENT = "step-outside-segment";

  private final ObjectMapper json;

  CheckpointPreparation(ObjectMapper json) {
    this.json = json;
  }

  PreparedCheckpoint prepare(
      RunContext context, CheckpointRequest request, List<ResolvedParent> resolved) {
    var stage = Objects.requireNonNullElse(request.stage(), "");
    var branch = Objects.requireNonNullElse(request.branch(), "");
    long step = request.step();
    var segment = context.segmentOf(request.segment(), stage, branch, step, "segment");
    var counts = segment.map(s -> s.at(step)).orElseGet(() -> context.counter().at(step));
    var derived = request.kind() == CheckpointKind.DERIVED;
    var label = label(request);
    var labels = request.labels() == null ? List.<String>of() : request.labels();
    checkLabel("label", label);
    for (int i = 0; i < labels.size(); i++) {
      checkLabel("labels[" + i + "]", labels.get(i));
    }
    return new PreparedCheckpoint(
        UUID.randomUUID(),
        segment.map(s -> s.id()).orElse(null),
        segment.map(s -> s.name()).orElse(null),
        stage,
        branch,
        step,
        // A soup stands where the last of what it was made of stands.
        derived && segment.isEmpty() ? positionOfMerge(resolved, step) : counts.position(),
        derived && segment.isEmpty() ? null : counts.tokens(),
        derived && segment.isEmpty() ? null : counts.sequences(),
        derived && segment.isEmpty() ? null : counts.totalTokens(),
        request.tokens(),
        request.sequences(),
        Objects.requireNonNullElse(request.kind(), CheckpointKind.SCHEDULED),
        Objects.requireNonNullElse(request.weightsKind(), WeightsKind.RAW),
        Objects.requireNonNullElse(request.components(), Map.of()),
        json.valueToTree(Objects.requireNonNullElse(request.representations(), List.of())),
        label,
        request.label() != null && !request.label().isEmpty(),
        labels,
        request.takenAt() == null ? null : request.takenAt().truncatedTo(ChronoUnit.MICROS),
        Metadata.check("metadata", request.metadata()),
        files(Objects.requireNonNullElse(request.files(), List.of())),
        resolved,
        derived && segment.isEmpty() ? Map.of() : faults(request, segment, step, counts));
  }

  private Map<String, JsonNode> faults(
      CheckpointRequest request, Optional<SegmentFacts> segment, long step, Counts counts) {
    var faults = new LinkedHashMap<String, JsonNode>();
    var difference = difference(request, step, counts);
    if (difference != null) {
      faults.put(COUNTS_DIFFER, difference);
    }
    segment
        .filter(facts -> !facts.covers(step))
        .ifPresent(facts ->
            faults.put(
                STEP_OUTSIDE_SEGMENT,
                json.createObjectNode()
                    .put("step", step)
                    .put("segment", facts.name())
                    .put("startStep", facts.startStep())
                    .put("endStep", facts.endStep())));
    return faults;
  }

  /** Files with defaults filled in; refuses paths that no client could write to its disk. */
  static List<FileRequest> files(List<FileRequest> files) {
    for (int i = 0; i < files.size(); i++) {
      var fault = Names.faultOfPath(files.get(i).path());
      if (!fault.isEmpty()) {
        throw RegistryException.invalid("files[" + i + "].path", fault);
      }
    }
    checkWhole(files);
    return files.stream().map(FileRequest::normalised).toList();
  }

  /** Refuses files that are each as they should be, but not together. */
  static void checkWhole(List<FileRequest> files) {
    if (files.size() > CheckpointRequest.FILES_MAX) {
      throw RegistryException.invalid(
          "files", "a checkpoint has at most " + CheckpointRequest.FILES_MAX + " files");
    }
    var fault = Names.faultOfPaths(files.stream().map(FileRequest::path).toList());
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("files", fault);
    }
    try {
      long total = 0;
      for (var file : files) {
        total = Math.addExact(total, file.size());
      }
    } catch (ArithmeticException e) {
      throw RegistryException.invalid("files", "have more than 2^63 - 1 bytes together");
    }
  }

  /** The primary label: the one that was asked for, or {@code [stage-][branch-]step{N}}. */
  static String label(CheckpointRequest request) {
    if (request.label() != null && !request.label().isEmpty()) {
      return request.label();
    }
    return Stream.of(
            Objects.requireNonNullElse(request.stage(), ""),
            Objects.requireNonNullElse(request.branch(), ""),
            "step" + request.step())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"));
  }

  private static void checkLabel(String field, String label) {
    var fault = Names.faultOfLabel(label);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid(field, fault);
    }
  }

  private static long positionOfMerge(List<ResolvedParent> parents, long step) {
    return parents.stream()
        .map(ResolvedParent::checkpoint)
        .filter(Objects::nonNull)
        .mapToLong(CheckpointPosition::position)
        .max()
        .orElse(step);
  }

  /**
   * Evidence where the producer's counts are not those of the schedule; a claim may count along the
   * lineage, and where that is not known nobody can say that it is wrong.
   */
  private @Nullable JsonNode difference(CheckpointRequest request, long step, Counts counts) {
    boolean tokensDiffer =
        request.tokens() != null
            && counts.tokens() != null
            && !request.tokens().equals(counts.tokens())
            && counts.totalTokens() != null
            && !request.tokens().equals(counts.totalTokens());
    boolean sequencesDiffer =
        request.sequences() != null
            && counts.sequences() != null
            && !request.sequences().equals(counts.sequences())
            && counts.totalSequences() != null
            && !request.sequences().equals(counts.totalSequences());
    if (!tokensDiffer && !sequencesDiffer) {
      return null;
    }
    var evidence = json.createObjectNode();
    evidence.put("step", step);
    if (tokensDiffer) {
      evidence.put("claimedTokens", request.tokens()).put("computedTokens", counts.tokens());
    }
    if (sequencesDiffer) {
      evidence
          .put("claimedSequences", request.sequences())
          .put("computedSequences", counts.sequences());
    }
    return evidence;
  }
}
