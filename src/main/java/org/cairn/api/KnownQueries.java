package org.cairn.api;

import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    return Arrays.stream(operation.getParameters())
        .filter(parameter -> parameter.isAnnotationPresent(RestQuery.class))
        .map(KnownQueries::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Parameter parameter) {
    var given = Objects.requireNonNull(parameter.getAnnotation(RestQuery.class)).value();
    return given.isEmpty() ? parameter.getName() : given;
  }

  private static String bounded(String name) {
    return name.length() <= 100 ? name : name.substring(0, 100) + "…";
  }
}
