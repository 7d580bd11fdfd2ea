package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.access.Callers.as;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every address of the service, those of tomorrow too: whom it admits is known, and it asks. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(Callers.OpenToRead.class)
class RoutesTest {

  /** Those that change something and ask nobody, each with its reason beside it in the code. */
  private static final Set<String> UNSAFE_FOR_EVERYBODY =
      Set.of(
          "PUT v1/uploads/{id}/parts/{number}",
          "POST lfs/uploads/{id}/{what: complete|verify}",
          "POST api/validate-yaml",
          // These have tokens of their own.
          "POST api/xet/{session}/v1/xorbs/default/{hash}",
          "POST api/xet/{session}/v1/shards",
          "POST api/xet/{session}/{rest: .*}",
          "PUT api/xet/{session}/{rest: .*}");

  /** Those without a project in the address that show things of projects: each hides by itself. */
  private static final Set<String> OF_ALL_PROJECTS =
      Set.of(
          "GET v1/projects",
          "GET v1/resolve",
          "GET v1/diff",
          "GET v1/imports",
          "GET v1/imports/{id}",
          "GET v1/imports/{id}/changes",
          "GET v1/imports/{id}/findings",
          "GET v1/tensors",
          "HEAD v1/tensors",
          "GET api/{kind: models|datasets}",
          // Who knows an id or a digest may read what it names.
          "GET v1/jobs/{id}",
          "GET v1/artifacts/{digest}",
          "HEAD v1/artifacts/{digest}",
          "POST v1/artifacts/known");

  private static final Pattern PARAMETER = Pattern.compile("\\{\\s*(\\w+)\\s*(?::([^{}]*))?\\}");

  private record Address(String verb, String template, Method method) {

    @Override
    public String toString() {
      return verb + " " + template;
    }

    boolean isSafe() {
      return verb.equals("GET") || verb.equals("HEAD");
    }

    @Nullable Rule rule() {
      var own = method.getAnnotation(Admits.class);
      var admits = own == null ? method.getDeclaringClass().getAnnotation(Admits.class) : own;
      return admits == null ? null : admits.value();
    }

    boolean hasProject() {
      return Route.of(template, rule()).kind() != null;
    }

    String path(String project, String member) {
      return "/"
          + PARAMETER
              .matcher(template)
              .replaceAll(found ->
                  switch (found.group(1)) {
                    case "project" -> project;
                    case "run", "dataset", "name" -> member;
                    case "kind" -> "models";
                    case "how" -> "resolve";
                    case "number" -> "1";
                    case "digest" -> "sha256:" + "0".repeat(64);
                    case "rest" -> "/x";
                    case "id" -> UUID.randomUUID().toString();
                    default -> "x";
                  })
              .replace("//", "/");
    }

    Response call(String project, String member) {
      var consumes = method.getAnnotation(Consumes.class);
      var request = as("");
      if (!isSafe()) {
        var type = consumes == null ? "application/json" : consumes.value()[0];
        request.header("Content-Type", type.equals("*/*") ? "application/octet-stream" : type);
        if (type.contains("form")) {
          request.body("a=b");
        } else {
          request.body("{}".getBytes(StandardCharsets.UTF_8));
        }
      }
      return request.request(verb, path(project, member));
    }
  }

  private static List<Address> addresses() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.cairn").stream()
            .filter(c -> c.isAnnotatedWith(Path.class))
            .map(c -> load(c.getName()))
            .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
            .flatMap(method ->
                Arrays.stream(method.getAnnotations())
                    .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                    .filter(verb -> verb != null)
                    .map(verb -> new Address(verb.value(), template(method), method)))
            .toList();
  }

  /** The class as the service under test has it, with the annotations that this test knows. */
  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, RoutesTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static String template(Method method) {
    var below = method.getAnnotation(Path.class);
    var whole =
        method.getDeclaringClass().getAnnotation(Path.class).value()
            + "/"
            + (below == null ? "" : below.value());
    return whole.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
  }

  @Test
  void theWalkMeetsEveryAddress() {
    assertThat(addresses()).hasSizeGreaterThan(80);
  }

  @Test
  void everyAddressWithoutAProjectSaysWhomItAdmits() {
    assertThat(addresses())
        .filteredOn(address -> !address.hasProject())
        .allSatisfy(address -> assertThat(address.rule()).as("%s", address).isNotNull());
  }

  @Test
  void whatShowsThingsOfAllProjectsIsKnown() {
    assertThat(
            names(a ->
                !a.hasProject()
                    && (a.rule() == Rule.READERS
                        || (a.isSafe() && a.rule() == Rule.ITS_OWN_CHECK))))
        .isEqualTo(new TreeSet<>(OF_ALL_PROJECTS));
  }

  private static Set<String> names(java.util.function.Predicate<Address> which) {
    return addresses().stream()
        .filter(which)
        .map(Address::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatChangesSomethingAsksNobodyOnlyWhereThatIsMeant() {
    assertThat(names(a -> !a.isSafe() && a.rule() == Rule.EVERYBODY))
        .isEqualTo(new TreeSet<>(UNSAFE_FOR_EVERYBODY));
  }

  @Test
  void whatChangesSomethingRefusesWhoeverBringsNoToken() throws Exception {
    var project = Api.unique("walk");
    Callers.asAdministrator(() -> {
      Given.post("/v1/projects", "{\"name\":\"%s\"}".formatted(project)).statusCode(201);
      Given.run(project, "open", "");
      Given.post("/v1/projects/" + project + "/datasets", "{\"name\":\"open\"}").statusCode(201);
    });
    for (var address : addresses()) {
      if (!address.isSafe()
          && address.rule() != Rule.READERS
          && !UNSAFE_FOR_EVERYBODY.contains(address.toString())) {
        assertThat(address.call(project, "open").statusCode()).as("%s", address).isEqualTo(401);
      }
    }
  }

  @Test
  void whatIsPrivateIsHiddenByEveryAddressBelowIt() throws Exception {
    var project = Api.unique("hidden");
    Callers.asAdministrator(() -> {
      Given.post("/v1/projects", "{\"name\":\"%s\"}".formatted(project)).statusCode(201);
      for (var kind : List.of("runs", "datasets")) {
        Given.post("/v1/projects/" + project + "/" + kind, "{\"name\":\"closed\",\"private\":true}")
            .statusCode(201);
      }
    });
    for (var address : addresses()) {
      var route = Route.of(address.template(), address.rule());
      if (route.member() == null || (!address.isSafe() && address.rule() != Rule.READERS)) {
        continue;
      }
      var answer = address.call(project, "closed");
      if (route.isNative()) {
        assertThat(answer.statusCode()).as("%s", address).isEqualTo(404);
      } else {
        assertThat(answer.statusCode()).as("%s", address).isEqualTo(401);
        // Of who asks for a way to write without a token, nothing is looked up.
        if (address.rule() != Rule.WRITERS) {
          assertThat(answer.header("X-Error-Code")).as("%s", address).isEqualTo("RepoNotFound");
        }
      }
      if (!address.verb().equals("HEAD") && route.isNative()) {
        assertThat(answer.<String>path("detail"))
            .as("%s", address)
            .isIn("No run " + project + "/closed", "No dataset " + project + "/closed");
      }
    }
  }
}
