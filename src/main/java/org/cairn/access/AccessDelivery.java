package org.cairn.access;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Asks every request that has found its method whether its caller may make it. What is new is
 * protected by its verb and its address before anybody thinks of it.
 */
final class AccessDelivery {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final Access access;
  private final Tokens tokens;
  private final CurrentRequest current;
  private final Map<Method, Route> routes = new ConcurrentHashMap<>();

  AccessDelivery(Access access, Tokens tokens, CurrentRequest current) {
    this.access = access;
    this.tokens = tokens;
    this.current = current;
  }

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  void ask(ContainerRequestContext request, ResourceInfo resource) {
    var route = routes.computeIfAbsent(resource.getResourceMethod(), AccessDelivery::route);
    var authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    var what = request.getMethod() + " " + request.getUriInfo().getRequestUri().getRawPath();
    var caller = authorization == null ? null : tokens.caller(authorization);
    current.begin(
        caller == null ? Caller.ANONYMOUS : caller, authorization != null && caller == null, what);
    // Clients of the Hub send the token that they have for another one: it is nobody's here.
    if (route.rule() != Rule.EVERYBODY) {
      if (current.badToken() && route.isNative()) {
        throw access.badToken();
      }
      admit(route, SAFE.contains(request.getMethod()), request);
    }
  }

  private void admit(Route route, boolean safe, ContainerRequestContext request) {
    var thing = route.thing(request.getUriInfo().getPathParameters()::getFirst);
    switch (route.rule() == null ? usual(thing, safe) : route.rule()) {
      case READERS -> requireReader(thing);
      case WRITERS -> access.requireWriter(Objects.requireNonNull(thing));
      case WRITERS_OF_ANYTHING -> access.requireWriterOfAnything();
      case ITS_OWN_CHECK -> {
        if (safe) {
          requireReader(thing);
        } else {
          access.requireWriterOfAnything();
        }
      }
      case ADMINISTRATORS -> access.requireAdministrator();
      case OPERATORS -> access.requireOperator();
      case EVERYBODY -> {
        // Asked for nothing.
      }
    }
  }

  private static Rule usual(@Nullable Thing thing, boolean safe) {
    if (thing == null) {
      return Rule.ADMINISTRATORS;
    }
    return safe ? Rule.READERS : Rule.WRITERS;
  }

  private void requireReader(@Nullable Thing thing) {
    if (thing == null) {
      access.requireReaderOfWhatIsPublic();
    } else {
      access.requireReader(thing);
    }
  }

  private static Route route(Method method) {
    var resource = method.getDeclaringClass();
    var ofMethod = method.getAnnotation(Admits.class);
    var admits = ofMethod == null ? resource.getAnnotation(Admits.class) : ofMethod;
    return Route.of(
        path(resource.getAnnotation(Path.class)) + "/" + path(method.getAnnotation(Path.class)),
        admits == null ? null : admits.value());
  }

  private static String path(@Nullable Path path) {
    return path == null ? "" : Objects.toString(path.value()).replaceAll("^/+|/+$", "");
  }
}
