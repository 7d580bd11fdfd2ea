package org.cairn.api;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses query parameters that an operation does not have: a filter that is misspelt and passed
 * over would answer with more than was asked for, and nobody would notice.
 */
final class KnownQueries {

  private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();

  @ServerRequestFilter
  void check(ResourceInfo operation, UriInfo uri) {
    if (uri.getQueryParameters().isEmpty() || !uri.getPath().startsWith("/v1/")) {
      return;
    }
    var names = known.computeIfAbsent(operation.getResourceMethod(), KnownQueries::names);
    var unknown = new TreeSet<>(uri.getQueryParameters().keySet());
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw RegistryException.invalid(
          bounded(unknown.getFirst()),
          names.isEmpty()
              ? "this operation has no query parameters"
              : "is not a parameter of this operation, which has " + String.join(", ", names));
    }
  }

  private static Set<String> names(Method operation) {
    var names = new TreeSet<String>();
    for (var parameter : operation.getParameters()) {
      add(names, parameter, parameter.getName());
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (var field : parameter.getType().getDeclaredFields()) {
          add(names, field, field.getName());
        }
      }
    }
    return names;
  }

  private static void add(Set<String> names, AnnotatedElement element, String otherwise) {
    var query = element.getAnnotation(RestQuery.class);
    if (query != null) {
      names.add(query.value().isEmpty() ? otherwise : query.value());
    }
  }

  private static String bounded(String name) {
    return name.length() <= 100 ? name : name.substring(0, 100) + "…";
  }
}
