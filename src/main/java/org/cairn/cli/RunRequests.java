package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.OptionalLong;
import org.cairn.platform.FileRoles;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** From the facts of a run folder to what the registry is asked to record about it. */
final class RunRequests {

  /** Longest lock file whose text goes into the catalogue; a longer one is named by digest. */
  private static final int LONGEST_LOCK = 48 << 10;

  private final RunFolder run;
  private final RunFacts facts;

  RunRequests(RunFolder run, RunFacts facts) {
    this.run = run;
    this.facts = facts;
  }

  ObjectNode run() {
    var request = bareRun();
    var family = facts.family();
    if (family != null) {
      request.put("family", family);
    }
    // The one thing in which runs of a family are sure to differ that every configuration tells.
    put(request, "axes", seeds());
    if (facts.finished()) {
      request.put("status", "finished");
    }
    var steps = facts.plannedCheckpoints();
    if (!steps.isEmpty()) {
      var explicit = Json.array();
      steps.forEach(explicit::add);
      request.set("checkpointSchedule", Json.array().add(Json.object().set("explicit", explicit)));
    }
    return request;
  }

  /** A run of which nothing is known but how it lies on disk. */
  ObjectNode bareRun() {
    var request = Json.object().put("name", run.name());
    var publish = request.putObject("metadata").putObject("publish");
    publish.put("checkpoints", run.checkpointsFolder());
    if (!run.place().isEmpty()) {
      publish.put("folder", run.place());
    }
    return request;
  }

  /** The configuration as written and as resolved; null where the folder has neither. */
  @Nullable ObjectNode configuration(@Nullable Sha256 raw) {
    var config = facts.config();
    if (raw == null && !config.isObject()) {
      return null;
    }
    var request = Json.object().put("name", run.name());
    if (raw != null) {
      request.put("raw", raw.hex());
      facts
          .configFile()
          .ifPresent(file -> request.put("rawMediaType", FileRoles.mediaType(file.name())));
    }
    if (config.isObject()) {
      request.set("resolved", config);
    }
    return request;
  }

  /** A segment of which nothing is known but its counter: a folder with several of them. */
  static ObjectNode bareSegment(StepName any) {
    return counter(Json.object(), any);
  }

  static String segmentName(StepName step) {
    return step.counter().isEmpty() ? "main" : step.counter();
  }

  /**
   * The one segment of a run with all that the folder tells.
   *
   * @param codeDigest digest of train.py, if it is there
   */
  ObjectNode segment(
      StepName any,
      @Nullable String configuration,
      @Nullable Sha256 codeDigest,
      @Nullable ObjectNode dataOrder,
      @Nullable ObjectNode parent) {
    var request = counter(Json.object(), any);
    facts.parentStep().ifPresent(step -> request.put("startStep", step));
    if (facts.finished()) {
      facts.plannedSteps().ifPresent(step -> request.put("endStep", step));
    }
    if (configuration != null) {
      request.put("configuration", configuration);
    }
    put(request, "code", code(codeDigest));
    put(request, "environment", environment());
    put(request, "hardware", facts.hardware());
    facts.worldSize().ifPresent(size -> request.put("worldSize", size));
    put(request, "argv", argv());
    put(request, "seeds", seeds());
    put(request, "batchSchedule", batchSchedule());
    if (dataOrder != null) {
      request.set("dataOrder", dataOrder);
    }
    if (parent != null) {
      request.putArray("parents").add(parent);
    }
    return request;
  }

  /** Sequences of one step: micro batch x accumulation x data-parallel workers, as NeoX counts. */
  OptionalLong sequencesPerStep() {
    var whole = RunFacts.number(facts.config("train_batch_size"));
    var micro = RunFacts.number(facts.config("train_micro_batch_size_per_gpu"));
    var accumulation = RunFacts.number(facts.config("gradient_accumulation_steps"));
    var world = facts.worldSize();
    if (micro.isEmpty() || accumulation.isEmpty() || world.isEmpty()) {
      return positive(whole);
    }
    var sharing =
        Math.max(1, RunFacts.number(facts.config("pipe-parallel-size")).orElse(1))
            * Math.max(1, RunFacts.number(facts.config("model-parallel-size")).orElse(1));
    if (sharing <= 0 || world.getAsLong() % sharing != 0) {
      facts.warn("the world size is no multiple of the model parallel sizes; batch size unknown");
      return positive(whole);
    }
    var product =
        BigInteger.valueOf(micro.getAsLong())
            .multiply(BigInteger.valueOf(accumulation.getAsLong()))
            .multiply(BigInteger.valueOf(world.getAsLong() / sharing));
    if (product.bitLength() > 62) {
      return OptionalLong.empty();
    }
    if (whole.isPresent() && whole.getAsLong() != product.longValue()) {
      facts.warn("train_batch_size disagrees with micro batch x accumulation x workers");
    }
    return positive(OptionalLong.of(product.longValue()));
  }

  private static OptionalLong positive(OptionalLong value) {
    return value.isPresent() && value.getAsLong() > 0 ? value : OptionalLong.empty();
  }

  private @Nullable ArrayNode batchSchedule() {
    var sequences = sequencesPerStep();
    var length = positive(RunFacts.number(facts.config("seq-length")));
    if (sequences.isEmpty() || length.isEmpty()) {
      if (facts.config().isObject()) {
        facts.warn("batch size or sequence length is not in the configuration: tokens unknown");
      }
      return null;
    }
    var schedule = Json.array();
    schedule
        .addObject()
        .put("fromStep", 0)
        .put("sequencesPerStep", sequences.getAsLong())
        .put("sequenceLength", length.getAsLong());
    return schedule;
  }

  private @Nullable ObjectNode code(@Nullable Sha256 digest) {
    var code = Json.object();
    var told = facts.resolved().path("code");
    var commit = RunFacts.text(told.path("git_commit"), told.path("commit"));
    if (commit != null) {
      code.put("commit", commit);
    }
    var repository = RunFacts.text(told.path("repository"), told.path("git_url"));
    if (repository != null) {
      code.put("repository", repository);
    }
    if (digest != null) {
      code.putObject("files").put("train.py", digest.hex());
      var claimed = RunFacts.text(told.path("train_py_sha256"));
      if (claimed != null && !claimed.equals(digest.hex())) {
        facts.warn("train.py is not the one that resolved_config.json names by digest");
      }
    }
    return code.isEmpty() ? null : code;
  }

  private @Nullable ObjectNode environment() {
    var environment = Json.object();
    facts
        .text(RunFacts.LOCK)
        .filter(text -> text.length() <= LONGEST_LOCK)
        .ifPresent(text -> environment.put("requirements", text));
    if (facts.resolved().path("versions").isObject()) {
      environment.set("versions", facts.resolved().path("versions"));
    }
    for (var key : java.util.List.of("python", "torch", "os", "kernel")) {
      if (facts.hardware().path(key).isTextual()) {
        environment.set(key, facts.hardware().path(key));
      }
    }
    return environment.isEmpty() ? null : environment;
  }

  private @Nullable ArrayNode argv() {
    var text = facts.text("argv.txt");
    if (text.isEmpty()) {
      return null;
    }
    var words = Words.split(text.get());
    if (words.isEmpty()) {
      facts.warn("argv.txt has a quote that is never closed; its words are not registered");
      return null;
    }
    var argv = Json.array();
    words.get().forEach(argv::add);
    return argv.isEmpty() ? null : argv;
  }

  private @Nullable ObjectNode seeds() {
    var seeds = Json.object();
    facts
        .config()
        .properties()
        .forEach(field -> {
          var name = field.getKey();
          var value = field.getValue();
          if (name.matches("(.*[-_])?seed") && value.isIntegralNumber()) {
            seeds.set(name, value);
          }
        });
    return seeds.isEmpty() ? null : seeds;
  }

  private static ObjectNode counter(ObjectNode request, StepName any) {
    request.put("name", segmentName(any));
    if (!any.stage().isEmpty()) {
      request.put("stage", any.stage());
    }
    if (!any.branch().isEmpty()) {
      request.put("branch", any.branch());
    }
    return request;
  }

  private static void put(ObjectNode request, String field, @Nullable JsonNode value) {
    if (value != null && value.isContainerNode() && !value.isEmpty()) {
      request.set(field, value);
    }
  }
}
