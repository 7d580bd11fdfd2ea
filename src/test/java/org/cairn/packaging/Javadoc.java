package org.cairn.packaging;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** The description of a method as its source gives it, in Markdown on one line. */
final class Javadoc {

  private Javadoc() {}

  /** Empty where there is none. */
  static String of(Method method) {
    var outermost = method.getDeclaringClass();
    while (outermost.getDeclaringClass() != null) {
      outermost = outermost.getDeclaringClass();
    }
    var source = Path.of("src/main/java", outermost.getName().replace('.', '/') + ".java");
    var type = method.getDeclaringClass().getSimpleName();
    var found = new AtomicReference<>("");
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
      var trees = DocTrees.instance(task);
      for (var unit : task.parse()) {
        new TreePathScanner<Void, String>() {
          @Override
          public Void visitClass(com.sun.source.tree.ClassTree tree, String in) {
            return super.visitClass(tree, tree.getSimpleName().toString());
          }

          @Override
          public Void visitMethod(MethodTree tree, String in) {
            var comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null
                && in.equals(type)
                && tree.getName().contentEquals(method.getName())) {
              found.set(markdown(comment.getFullBody()));
            }
            return super.visitMethod(tree, in);
          }
        }.scan(unit, "");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.get();
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
