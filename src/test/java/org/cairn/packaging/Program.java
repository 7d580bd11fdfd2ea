package org.cairn.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.Index;
import org.jboss.jandex.Indexer;

/** The compiled classes of the program, without its libraries and tests. */
final class Program {

  private static final Index INDEX = index();

  private Program() {}

  static Collection<AnnotationInstance> annotations(Class<? extends Annotation> type) {
    return INDEX.getAnnotations(type);
  }

  static Class<?> load(ClassInfo type) {
    try {
      return Class.forName(type.name().toString());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Index index() {
    var indexer = new Indexer();
    try (var files = Files.walk(Path.of("target/classes/org/cairn"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        try (var in = Files.newInputStream(file)) {
          indexer.index(in);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return indexer.complete();
  }
}
