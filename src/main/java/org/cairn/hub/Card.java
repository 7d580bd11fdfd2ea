package org.cairn.hub;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;

/** The description of a repository, README.md: what its YAML says is free, but it is YAML. */
final class Card {

  private static final Pattern FRONT =
      Pattern.compile(
          "\\A\\uFEFF?---[ \\t]*\\r?\\n(.*?)^---[ \\t]*$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final int DEPTH = 50;

  private Card() {}

  /**
   * What nobody could read of it; only the tree of nodes is built, and nothing of what they name.
   */
  static List<String> faults(String content) {
    var front = FRONT.matcher(content);
    if (!front.find()) {
      return List.of();
    }
    var options = new LoaderOptions();
    options.setNestingDepthLimit(DEPTH);
    try {
      var root = new Yaml(new SafeConstructor(options)).compose(new StringReader(front.group(1)));
      return root == null || root instanceof MappingNode
          ? List.of()
          : List.of("The metadata is no mapping of names to values");
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark();
      return List.of(
          "The metadata is no YAML: "
              + e.getProblem()
              + (mark == null ? "" : " in line " + (mark.getLine() + 2)));
    } catch (YAMLException e) {
      return List.of("The metadata is no YAML that is read here");
    }
  }
}
