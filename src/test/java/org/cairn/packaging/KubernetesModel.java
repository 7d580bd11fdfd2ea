package org.cairn.packaging;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Kubernetes' own model keeps a field that it does not know, silently: here they are found. */
final class KubernetesModel {

  private KubernetesModel() {}

  static List<String> unknownFields(HasMetadata object) {
    var unknown = new ArrayList<String>();
    walk(object.getKind(), object, unknown);
    return unknown;
  }

  private static void walk(String path, Object value, List<String> unknown) {
    switch (value) {
      case null -> {}
      case Collection<?> items -> items.forEach(item -> walk(path, item, unknown));
      case Map<?, ?> entries -> entries.values().forEach(entry -> walk(path, entry, unknown));
      default -> {
        if (value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")
            && !value.getClass().isEnum()) {
          fields(path, value, unknown);
        }
      }
    }
  }

  private static void fields(String path, Object value, List<String> unknown) {
    for (var method : value.getClass().getMethods()) {
      if (method.getParameterCount() != 0) {
        continue;
      }
      try {
        if (method.isAnnotationPresent(JsonAnyGetter.class)) {
          if (method.invoke(value) instanceof Map<?, ?> more) {
            more.keySet().forEach(name -> unknown.add(path + "." + name));
          }
        } else if (method.isAnnotationPresent(JsonProperty.class)) {
          var name = method.getAnnotation(JsonProperty.class).value();
          walk(path + "." + name, method.invoke(value), unknown);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(path, e);
      }
    }
  }
}
