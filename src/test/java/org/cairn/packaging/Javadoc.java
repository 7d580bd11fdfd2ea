package org.cairn.packaging;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** The descriptions of a class's methods as its source gives them, in Markdown on one line. */
record Javadoc(Map<String, String> descriptions) {

  /** Of the methods of {@code type} and of the types inside it. */
  static Javadoc of(Class<?> type) {
    var descriptions = new HashMap<String, String>();
    var source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
      var trees = DocTrees.instance(task);
      for (var unit : task.parse()) {
        new TreePathScanner<Void, String>() {
          @Override
          public Void visitClass(ClassTree tree, String in) {
            return super.visitClass(tree, tree.getSimpleName().toString());
          }

          @Override
          public Void visitMethod(MethodTree tree, String in) {
            var comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
              descriptions.put(in + "." + tree.getName(), markdown(comment.getFullBody()));
            }
            return super.visitMethod(tree, in);
          }
        }.scan(unit, "");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Javadoc(Map.copyOf(descriptions));
  }

  /** Empty where there is none. */
  String of(Method method) {
    return descriptions.getOrDefault(
        method.getDeclaringClass().getSimpleName() + "." + method.getName(), "");
  }

  private static String markdown(List<? extends DocTree> trees) {
    return trees.stream()
        .map(tree ->
            switch (tree) {
              case LiteralTree literal -> "`" + literal.getBody().getBody() + "`";
              case LinkTree link -> "`" + link.getReference() + "`";
              default -> tree.toString();
            })
        .collect(Collectors.joining())
        .replaceAll("\\s+", " ")
        .strip();
  }
}
