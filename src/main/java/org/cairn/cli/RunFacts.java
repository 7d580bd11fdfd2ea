package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a run folder say about the run. Nothing here is guessed: a file that is absent
 * or odd leaves its facts out and is told to the user. YAML is not read; the service parses it.
 */
final class RunFacts {

  /** What a training configuration is called at the top of a run; config.json is a model's. */
  private static final List<String> CONFIGS =
      List.of(
          "config.yaml",
          "config.yml",
          "train_config.yaml",
          "train_config.yml",
          "train_config.json",
          "training_config.yaml",
          "training_config.yml",
          "training_config.json");

  static final String RESOLVED = "resolved_config.json";
  static final String LOCK = "requirements.lock";

  /** Largest file that is read for facts: what these files hold is short. */
  private static final long LARGEST = 4L << 20;

  private final RunFolder run;
  private final Console console;
  private final JsonNode resolved;
  private final JsonNode hardware;
  private final JsonNode fork;

  private RunFacts(RunFolder run, Console console) {
    this.run = run;
    this.console = console;
    this.resolved = object(RESOLVED);
    this.hardware = object("hardware.json");
    this.fork = object("fork.json");
  }

  static RunFacts read(RunFolder run, Console console) {
    var facts = new RunFacts(run, console);
    if (facts.resolved.isMissingNode()) {
      console.warn(
          "%s: no %s, so seeds, batch sizes and schedule stay unknown"
              .formatted(run.name(), RESOLVED));
    }
    return facts;
  }

  /** The configuration with every value spelt out; missing where unknown. */
  JsonNode config() {
    return resolved.path("config").isObject() ? resolved.path("config") : resolved;
  }

  /** The file of the configuration as it was written. */
  Optional<LocalFile> configFile() {
    return CONFIGS.stream().flatMap(name -> run.file(name).stream()).findFirst();
  }

  /** All of the resolved configuration's file. */
  JsonNode resolved() {
    return resolved;
  }

  JsonNode hardware() {
    return hardware;
  }

  JsonNode fork() {
    return fork;
  }

  /** The run that this one continues from another's state, if any. */
  @Nullable String parentRun() {
    var parent = fork.path("parent_run");
    return parent.isTextual() ? parent.textValue() : null;
  }

  OptionalLong parentStep() {
    return number(fork.path("parent_step"));
  }

  @Nullable String family() {
    return text(resolved.path("suite"), config("suite"));
  }

  /** The planned number of updates. */
  OptionalLong plannedSteps() {
    return number(config("train-iters"));
  }

  OptionalLong worldSize() {
    for (var candidate :
        List.of(
            resolved.path("derived").path("world_size"),
            config("world-size"),
            hardware.path("world_size"))) {
      var size = number(candidate);
      if (size.isPresent() && size.getAsLong() > 0) {
        return size;
      }
    }
    return OptionalLong.empty();
  }

  /** Whether the last checkpoint is the last that was planned. */
  boolean finished() {
    var planned = plannedSteps();
    return planned.isPresent()
        && run.checkpoints().stream().anyMatch(c -> c.name().step() == planned.getAsLong());
  }

  /** The steps that were to be saved; empty where the configuration does not list them. */
  SortedSet<Long> plannedCheckpoints() {
    var steps = new TreeSet<Long>();
    for (var step : config("checkpoint-steps")) {
      number(step).ifPresent(steps::add);
    }
    return steps;
  }

  /** The value of a configuration key, whichever of dash and underscore it is written with. */
  JsonNode config(String key) {
    var config = config();
    for (var spelling : List.of(key, key.replace('-', '_'), key.replace('_', '-'))) {
      if (config.has(spelling)) {
        return config.path(spelling);
      }
    }
    return MissingNode.getInstance();
  }

  /** The text of a small file, if it is there. */
  Optional<String> text(String name) {
    var file = run.file(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (file.get().size() > LARGEST) {
      console.warn("%s: %s is too large to be read for facts".formatted(run.name(), name));
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file.get().path(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      console.warn("%s: %s cannot be read as text".formatted(run.name(), name));
      return Optional.empty();
    }
  }

  void warn(String warning) {
    console.warn(run.name() + ": " + warning);
  }

  /** A non-negative integer that is written as one. */
  static OptionalLong number(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0
        ? OptionalLong.of(node.longValue())
        : OptionalLong.empty();
  }

  static @Nullable String text(JsonNode... candidates) {
    for (var candidate : candidates) {
      if (candidate.isTextual() && !candidate.textValue().isBlank()) {
        return candidate.textValue();
      }
    }
    return null;
  }

  private JsonNode object(String name) {
    var file = run.file(name);
    if (file.isEmpty()) {
      return MissingNode.getInstance();
    }
    if (file.get().size() > LARGEST) {
      console.warn("%s: %s is too large to be read for facts".formatted(run.name(), name));
      return MissingNode.getInstance();
    }
    try {
      var tree = Json.read(file.get().path());
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      console.warn("%s: %s is not JSON and tells nothing".formatted(run.name(), name));
      return MissingNode.getInstance();
    }
    console.warn("%s: %s is not a JSON object and tells nothing".formatted(run.name(), name));
    return MissingNode.getInstance();
  }
}
