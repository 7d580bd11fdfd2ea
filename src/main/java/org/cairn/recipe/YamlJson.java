package org.cairn.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML from strangers as JSON. Nothing is constructed: only the tree of nodes is read, so no
 * tag can name a class.
 *
 * <p>Scalars are read as YAML 1.1 has them, which is what PyYAML and with it most training code
 * does, with three exceptions: 1e-8 is a number, as OmegaConf reads it and everybody means it;
 * dates, and numbers of base 60 such as 12:30:00, stay the texts that somebody wrote; and so does
 * what JSON cannot say, such as .inf.
 */
final class YamlJson {

  /** Values of the result; aliases multiply, so the text's length does not bound them. */
  static final int MAX_VALUES = 500_000;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 100;
  private static final int MAX_ALIASES = 1_000;
  private static final Set<String> TRUE = Set.of("true", "yes", "on");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern EXPONENT = Pattern.compile("[-+]?[0-9]+[eE][-+]?[0-9]{1,3}");
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(0b[01]+|0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private int values;
  private long characters;

  private YamlJson() {}

  /**
   * Reads one document.
   *
   * @throws YAMLException when it is none, or is larger than a configuration is
   */
  static JsonNode read(String text) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(RawConfiguration.MAX_BYTES);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setProcessComments(false);
    var reader = new StreamReader(new StringReader(text));
    var composer = new Composer(new ParserImpl(reader, options), new Resolver(), options);
    Node root;
    try {
      root = composer.getSingleNode();
    } catch (YAMLException e) {
      throw e;
    } catch (RuntimeException e) {
      // Its own checks of what it read, such as a tag with a space in it.
      throw new YAMLException("is no YAML: " + e.getMessage(), e);
    }
    if (root == null) {
      throw new YAMLException("is empty");
    }
    return new YamlJson().json(root, 0);
  }

  /** Why a text is no YAML, with the place. */
  static String reason(YAMLException e) {
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return marked.getProblem()
          + " at line "
          + (marked.getProblemMark().getLine() + 1)
          + ", column "
          + (marked.getProblemMark().getColumn() + 1);
    }
    return String.valueOf(e.getMessage());
  }

  private JsonNode json(Node node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new YAMLException("is nested too deeply, or contains itself");
    }
    if (++values > MAX_VALUES) {
      throw new YAMLException("has more than " + MAX_VALUES + " values");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(counted(scalar));
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        for (var element : sequence.getValue()) {
          array.add(json(element, depth + 1));
        }
        yield array;
      }
      case MappingNode mapping -> mapping(mapping, depth);
      default -> throw new YAMLException("has a node of an unknown kind");
    };
  }

  /** A long text is short to write where aliases repeat it. */
  private ScalarNode counted(ScalarNode scalar) {
    characters += scalar.getValue().length();
    if (characters > RawConfiguration.MAX_BYTES) {
      throw new YAMLException("has more than " + RawConfiguration.MAX_BYTES + " characters");
    }
    return scalar;
  }

  /** Own keys first, then those of merged mappings that are not there yet. */
  private ObjectNode mapping(MappingNode mapping, int depth) {
    var object = JSON.objectNode();
    var merged = new ArrayList<MappingNode>();
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
        merged.addAll(merges(entry.getValueNode()));
      } else if (entry.getKeyNode() instanceof ScalarNode key) {
        counted(key);
        if (object.has(key.getValue())) {
          throw new YAMLException("has the key " + key.getValue() + " twice");
        }
        object.set(key.getValue(), json(entry.getValueNode(), depth + 1));
      } else {
        throw new YAMLException("has a key that is no scalar");
      }
    }
    for (var other : merged) {
      for (var field : ((ObjectNode) json(other, depth + 1)).properties()) {
        if (!object.has(field.getKey())) {
          object.set(field.getKey(), field.getValue());
        }
      }
    }
    return object;
  }

  private static List<MappingNode> merges(Node value) {
    var mappings = new ArrayList<MappingNode>();
    var nodes = value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    for (var node : nodes) {
      if (!(node instanceof MappingNode mapping)) {
        throw new YAMLException("merges what is no mapping");
      }
      mappings.add(mapping);
    }
    return mappings;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(TRUE.contains(text.toLowerCase(Locale.ROOT)));
    }
    var digits = text.replace("_", "");
    if (digits.length() > MAX_DIGITS) {
      return JSON.textNode(text);
    }
    if (tag.equals(Tag.INT) && INTEGER.matcher(digits).matches()) {
      return JSON.numberNode(integer(digits));
    }
    // Outside quotes, 1e-8 is a text to YAML 1.1 for want of a point.
    var bare = tag.equals(Tag.STR) && scalar.isPlain() && EXPONENT.matcher(text).matches();
    if (bare || (tag.equals(Tag.FLOAT) && FLOAT.matcher(digits).matches())) {
      var value = new BigDecimal(digits);
      if (Double.isFinite(value.doubleValue())) {
        return JSON.numberNode(value);
      }
    }
    return JSON.textNode(text);
  }

  private static BigInteger integer(String digits) {
    var negative = digits.startsWith("-");
    var rest = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    var value =
        rest.startsWith("0b")
            ? new BigInteger(rest.substring(2), 2)
            : rest.startsWith("0x")
                ? new BigInteger(rest.substring(2), 16)
                : rest.length() > 1 && rest.startsWith("0")
                    ? new BigInteger(rest, 8)
                    : new BigInteger(rest);
    return negative ? value.negate() : value;
  }
}
