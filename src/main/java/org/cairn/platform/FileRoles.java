package org.cairn.platform;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file is for, by its name: the conventions of Transformers, GPT-NeoX and DeepSpeed, OLMo,
 * and of resume points under {@code state/}. A name that no convention knows has the role other.
 */
public final class FileRoles {

  /** Files under this folder restore training; they are a representation of their own. */
  public static final String STATE = "state";

  private record Rule(Pattern name, String role) {
    static Rule of(String regex, String role) {
      return new Rule(Pattern.compile(regex), role);
    }
  }

  /** The first match decides; all are matched against the lower-case name without folders. */
  private static final List<Rule> RULES =
      List.of(
          Rule.of(".*\\.index\\.json", "shard-index"),
          Rule.of("(tokenizer.*|special_tokens_map\\.json|added_tokens\\.json)", "tokenizer"),
          Rule.of(
              "(vocab\\.(json|txt)|merges\\.txt|chat_template\\..*|spiece\\.model)", "tokenizer"),
          Rule.of("(.*_)?config\\.(json|ya?ml)", "config"),
          Rule.of(
              "(optim(izer)?([._-].*)?|.*optim(izer)?_states?\\.(pt|pth|bin|safetensors))",
              "optimizer"),
          Rule.of("(rng|random)([._-].*)?", "rng"),
          Rule.of("(lr_)?scheduler([._-].*)?", "scheduler"),
          Rule.of("(data_?loader|dataset_state|consumed_samples)([._-].*)?", "dataloader"),
          Rule.of("(.*\\.log|log|events\\.out\\.tfevents.*)", "log"),
          Rule.of("(.*[._-])?(metrics?|logs?|history)\\..*", "log"),
          Rule.of("(training_args\\.bin|train\\.pt|trainer_state\\.json|trainer\\.json)", "other"),
          Rule.of(".*\\.(safetensors|pth|gguf|ckpt|h5|msgpack|onnx)", "weights"),
          Rule.of(
              "(pytorch_model|adapter_model|model|consolidated|weights|params|ema)[^/]*"
                  + "\\.(bin|pt|pkl|npy|npz)",
              "weights"),
          Rule.of("(mp_rank|layer)_.*model.*states\\.pt", "weights"));

  /** Files whose content is known to say where training stood, beyond weights and optimizer. */
  private static final Pattern TRAINER =
      Pattern.compile(
          "(.*/)?(trainer\\.json|trainer_state\\.json|train\\.pt|mp_rank.*states\\.pt)");

  /** Formats that hold tensors and nothing else, and files that by convention do. */
  private static final Pattern WEIGHTS_ONLY =
      Pattern.compile(
          ".*\\.(safetensors|gguf|onnx|npy|npz)|(pytorch_model|adapter_model)[^/]*\\.bin"
              + "|consolidated[^/]*\\.pth");

  private static final Map<String, String> MEDIA_TYPES =
      Map.ofEntries(
          Map.entry("json", "application/json"),
          Map.entry("jsonl", "application/jsonl"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("yml", "application/yaml"),
          Map.entry("csv", "text/csv"),
          Map.entry("md", "text/markdown"),
          Map.entry("txt", "text/plain"),
          Map.entry("log", "text/plain"),
          Map.entry("lock", "text/plain"),
          Map.entry("py", "text/x-python"),
          Map.entry("sh", "text/x-shellscript"),
          Map.entry("toml", "application/toml"),
          Map.entry("gz", "application/gzip"),
          Map.entry("zip", "application/zip"),
          Map.entry("png", "image/png"),
          Map.entry("pdf", "application/pdf"));

  private FileRoles() {}

  public static String role(String path) {
    var leaf = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return RULES.stream()
        .filter(rule -> rule.name().matcher(leaf).matches())
        .map(Rule::role)
        .findFirst()
        .orElse("other");
  }

  /** The representation that a file of a checkpoint belongs to; null for the published one. */
  public static @Nullable String representation(String path) {
    return path.startsWith(STATE + "/") ? STATE : null;
  }

  public static boolean tellsOfTraining(String path) {
    return TRAINER.matcher(path).matches();
  }

  /**
   * Whether a file may hold more of a training's state than its name tells: an archive of objects,
   * or bytes that no convention knows.
   */
  public static boolean mayHoldAnything(String path) {
    var leaf = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (WEIGHTS_ONLY.matcher(leaf).matches() || leaf.equals("training_args.bin")) {
      return false;
    }
    var role = role(path);
    return role.equals("weights")
        || (role.equals("other") && mediaType(path).equals("application/octet-stream"));
  }

  public static String mediaType(String path) {
    var leaf = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (leaf.equals("license") || leaf.equals("readme") || leaf.equals("notice")) {
      return "text/plain";
    }
    var extension = leaf.substring(leaf.lastIndexOf('.') + 1);
    return MEDIA_TYPES.getOrDefault(extension, "application/octet-stream");
  }
}
