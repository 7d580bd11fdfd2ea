package org.cairn.importer;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.LabelGrammars;
import org.cairn.trajectory.EvaluationResults;
import org.jspecify.annotations.Nullable;

/**
 * Reads results of lm-evaluation-harness. Version 0.3 writes {@code {results: {task: {metric:
 * value}}, config: {model_args, num_fewshot, batch_size}}}; version 0.4 names metrics with their
 * filter ({@code "acc,none"}) and has {@code n-shot} of each task beside, and {@code model_name}.
 */
final class LmEvalFile {

  /** Largest file, in bytes; those with samples are other files. */
  static final int MAX_BYTES = 16 << 20;

  /** Python writes NaN, which is no JSON. */
  private static final ObjectReader JSON =
      JsonLimits.mapper().reader().with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

  /** Longest name of a model, or of a task with its metric, in characters. */
  private static final int NAME_MAX = 400;

  /** Most digits of a value, before its point and altogether. */
  private static final int DIGITS_MAX = 400;

  private static final Pattern STEP =
      Pattern.compile("(?:[-_.]|^)(?:global_?)?step[-_]?([0-9]{1,18})(?![0-9])");

  private static final Pattern ARGUMENT = Pattern.compile("(?:^|,)(pretrained|revision)=([^,]*)");

  private LmEvalFile() {}

  /**
   * @param bytes the whole file, at most {@link #MAX_BYTES}
   * @throws UnreadableListingException where it is no such file, or names no step
   */
  static EvaluationResults read(String name, byte[] bytes) {
    var root = ForeignJson.read(JSON, bytes);
    if (!root.path("results").isObject()) {
      throw new UnreadableListingException("has no object results");
    }
    var config = root.path("config");
    var arguments = arguments(config.path("model_args"));
    var model =
        arguments.containsKey("pretrained")
            ? arguments.get("pretrained")
            : root.path("model_name").asText("");
    var step =
        Optional.ofNullable(arguments.get("revision"))
            .flatMap(LabelGrammars::parse)
            .flatMap(said -> Optional.ofNullable(said.step()))
            .or(() ->
                LabelGrammars.parse(config.path("model_revision").asText(""))
                    .flatMap(said -> Optional.ofNullable(said.step())))
            .or(() -> iteration(config.path("model_args")))
            .or(() -> stepOf(name))
            .orElseThrow(() ->
                new UnreadableListingException("names no step: neither its revision nor its name"));
    var batch = config.path("batch_size");
    return new EvaluationResults(
        name,
        bounded("model", model == null || model.isEmpty() ? modelOf(name) : model),
        step,
        setting(root, config),
        batch.isValueNode() ? bounded("batch_size", batch.asText()) : null,
        values(root.path("results")));
  }

  /** GPT-NeoX evaluates its own checkpoints, and puts all its configuration here. */
  private static Optional<Long> iteration(JsonNode arguments) {
    var iteration = arguments.path("iteration");
    return iteration.canConvertToLong() && iteration.asLong() > 0
        ? Optional.of(iteration.asLong())
        : Optional.empty();
  }

  /**
   * {@code 70m_step1000.json} says the step in its name, {@code
   * 1.3b-step67000_eval_results_01-21-2023-20-16-29.json} within it, and {@code
   * step1000/EleutherAI__pythia-70m/results.json} in a folder.
   */
  private static Optional<Long> stepOf(String name) {
    var file = Reading.baseName(name);
    var dot = file.lastIndexOf('.');
    var within = STEP.matcher(file);
    return LabelGrammars.parse(dot < 0 ? file : file.substring(0, dot))
        .flatMap(said -> Optional.ofNullable(said.step()))
        .or(() -> within.find() ? Optional.of(Long.parseLong(within.group(1))) : Optional.empty())
        .or(() ->
            LabelGrammars.parse("/evaluations/" + name)
                .flatMap(said -> Optional.ofNullable(said.step())));
  }

  /** What stands before the step in the name of a file that tells no model. */
  private static String modelOf(String name) {
    var file = Reading.baseName(name);
    var step = STEP.matcher(file);
    return step.find() && step.start() > 0 ? file.substring(0, step.start()) : file;
  }

  /** A text of {@code key=value} in version 0.3, and of some 0.4; an object in others. */
  private static SequencedMap<String, String> arguments(JsonNode arguments) {
    var read = new LinkedHashMap<String, String>();
    if (arguments.isObject()) {
      arguments
          .properties()
          .forEach(argument -> read.put(argument.getKey(), argument.getValue().asText()));
    } else {
      var matcher = ARGUMENT.matcher(arguments.asText());
      while (matcher.find()) {
        read.put(matcher.group(1), matcher.group(2));
      }
    }
    return read;
  }

  private static String setting(JsonNode root, JsonNode config) {
    var shots =
        config.path("num_fewshot").isInt()
            ? config.path("num_fewshot")
            : root.path("n-shot").valueStream().findFirst().orElse(config.path("num_fewshot"));
    return shots.isInt() ? shots.asInt() + "-shot" : "";
  }

  private static SequencedMap<String, BigDecimal> values(JsonNode results) {
    var values = new LinkedHashMap<String, BigDecimal>();
    results
        .properties()
        .forEach(task ->
            task.getValue()
                .properties()
                .forEach(metric -> {
                  var name = nameOf(metric.getKey());
                  if (name != null
                      && task.getKey().length() + name.length() <= NAME_MAX
                      && isFinite(metric.getValue())) {
                    values.putIfAbsent(
                        task.getKey() + "/" + name, metric.getValue().decimalValue());
                  }
                }));
    return values;
  }

  private static String bounded(String what, String text) {
    if (text.length() > NAME_MAX) {
      throw new UnreadableListingException(
          "has a " + what + " of more than " + NAME_MAX + " characters");
    }
    return text;
  }

  /** A number that every reader of the catalogue can take: what is read is written out again. */
  private static boolean isFinite(JsonNode value) {
    if (!value.isNumber() || (!value.isBigDecimal() && !Double.isFinite(value.doubleValue()))) {
      return false;
    }
    var number = value.decimalValue();
    return number.precision() <= DIGITS_MAX
        && Math.abs((long) number.precision() - number.scale()) <= DIGITS_MAX;
  }

  /** {@code acc} of {@code acc} and of {@code acc,none}; null of a standard error. */
  private static @Nullable String nameOf(String metric) {
    var comma = metric.indexOf(',');
    var name = comma < 0 ? metric : metric.substring(0, comma);
    var filter = comma < 0 ? "none" : metric.substring(comma + 1);
    if (name.endsWith("_stderr")) {
      return null;
    }
    return filter.equals("none") ? name : name + "," + filter;
  }
}
