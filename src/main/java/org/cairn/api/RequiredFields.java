package org.cairn.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a JSON object are always there: the components of its record that may not be
 * null.
 */
final class RequiredFields {

  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName INCLUDE = DotName.createSimple(JsonInclude.class);
  private static final DotName PROPERTY = DotName.createSimple(JsonProperty.class);
  private static final Set<DotName> CONTAINERS =
      Set.of(
          DotName.createSimple(java.util.List.class),
          DotName.createSimple(java.util.Set.class),
          DotName.createSimple(Map.class));

  private final Map<String, java.util.List<ClassInfo>> records;

  RequiredFields(IndexView index) {
    records =
        index.getKnownClasses().stream()
            .filter(ClassInfo::isRecord)
            .collect(Collectors.groupingBy(RequiredFields::simpleName));
  }

  /** Marks the fields of the schema called {@code name}, if a record was its model. */
  void mark(String name, Schema schema) {
    if (schema.getProperties() == null) {
      return;
    }
    var model = modelOf(name, schema.getProperties().keySet());
    if (model == null) {
      return;
    }
    for (var component : model.recordComponents()) {
      var field = fieldName(model, component);
      var marked = schema.getRequired() != null && schema.getRequired().contains(field);
      if (!marked && schema.getProperties().containsKey(field) && isAlwaysThere(model, component)) {
        schema.addRequired(field);
      }
    }
  }

  /**
   * A schema is called like its record; like a generic record and its argument; and with a number
   * where two records are called the same. Its fields tell which one it was.
   */
  private @Nullable ClassInfo modelOf(String name, Set<String> fields) {
    return records.entrySet().stream()
        .filter(entry -> name.startsWith(entry.getKey()))
        .sorted((a, b) -> b.getKey().length() - a.getKey().length())
        .flatMap(entry -> entry.getValue().stream())
        .filter(record ->
            record.recordComponents().stream()
                .map(component -> fieldName(record, component))
                .collect(Collectors.toSet())
                .containsAll(fields))
        .findFirst()
        .orElse(null);
  }

  private static boolean isAlwaysThere(ClassInfo model, RecordComponentInfo component) {
    return !component.type().hasAnnotation(NULLABLE)
        && !(leavesEmptyOut(model) && CONTAINERS.contains(component.type().name()));
  }

  private static boolean leavesEmptyOut(ClassInfo model) {
    AnnotationInstance include = model.declaredAnnotation(INCLUDE);
    return include != null
        && include.value() != null
        && include.value().asEnum().equals(JsonInclude.Include.NON_EMPTY.name());
  }

  /** Jackson's annotation stays with the field, for it knows nothing of record components. */
  private static String fieldName(ClassInfo model, RecordComponentInfo component) {
    var field = model.field(component.name());
    var property = field == null ? null : field.annotation(PROPERTY);
    return property == null || property.value() == null
        ? component.name()
        : property.value().asString();
  }

  private static String simpleName(ClassInfo record) {
    var name = record.name().withoutPackagePrefix();
    return name.substring(name.lastIndexOf('$') + 1);
  }
}
