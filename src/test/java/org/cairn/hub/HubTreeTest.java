package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;
import static org.cairn.hub.Repo.plain;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.cairn.testsupport.Safetensors;
import org.junit.jupiter.api.Test;

/** What is in a repository. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubTreeTest {

  private static final byte[] A = bytes("a");

  private static Map<String, byte[]> files(String... paths) {
    var files = new TreeMap<String, byte[]>();
    for (var path : paths) {
      files.put(path, A);
    }
    return files;
  }

  private static String gitBlob(String text) throws Exception {
    var content = bytes(text);
    var digest = MessageDigest.getInstance("SHA-1");
    digest.update(bytes("blob " + content.length + "\0"));
    return HexFormat.of().formatHex(digest.digest(content));
  }

  @Test
  void listsFoldersAsTheyLie() throws Exception {
    var repo =
        Repo.create()
            .sealed(
                1,
                files("a.txt", "b/c/d.txt", "b/c/e.txt", "b/f.txt", "b-1/x", "bé/x", "sub dir/g"));
    assertThat(Repo.paths(repo.tree("step1")))
        .containsExactly("a.txt", "b-1", "b", "bé", "sub dir");
    assertThat(Repo.paths(repo.tree("step1/b"))).containsExactly("b/c", "b/f.txt");
    assertThat(Repo.paths(repo.tree("step1/b%2Fc?recursive=false")))
        .containsExactly("b/c/d.txt", "b/c/e.txt");
    assertThat(Repo.paths(repo.tree("step1/sub%20dir/"))).containsExactly("sub dir/g");
    assertThat(Repo.paths(repo.tree("step1?recursive=True")))
        .containsExactly(
            "a.txt",
            "b-1",
            "b-1/x",
            "b",
            "b/c",
            "b/c/d.txt",
            "b/c/e.txt",
            "b/f.txt",
            "bé",
            "bé/x",
            "sub dir",
            "sub dir/g");
    assertThat(Repo.paths(repo.tree("step1/b?recursive=true")))
        .containsExactly("b/c", "b/c/d.txt", "b/c/e.txt", "b/f.txt");
    for (var path : List.of("nothing", "a.txt", "b/c/d.txt", "%25")) {
      plain()
          .get(repo.api() + "/tree/step1/" + path)
          .then()
          .statusCode(404)
          .header("X-Error-Code", equalTo("EntryNotFound"))
          .header("X-Repo-Commit", equalTo(repo.commit("step1")));
    }
  }

  @Test
  void pagesFollowEachOtherByLink() throws Exception {
    var repo =
        Repo.create()
            .sealed(1, files("a", "b/1", "b/2", "b/c/1", "b/c/2", "b/d", "c/1", "c/2", "d", "e"));
    for (var rest :
        List.of(
            "step1?recursive=true", "step1?recursive=false", "step1/b", "step1/b?recursive=1")) {
      var whole = Repo.paths(repo.tree(rest));
      for (int limit = 1; limit < 4; limit++) {
        var paged = new ArrayList<String>();
        var next =
            repo.api() + "/tree/" + rest + (rest.contains("?") ? "&" : "?") + "limit=" + limit;
        for (int page = 0; next != null && page < 20; page++) {
          var answer =
              plain()
                  .header("X-Forwarded-Proto", "https")
                  .header("X-Forwarded-Host", "hub.example.org")
                  .header("X-Forwarded-Prefix", "/cairn")
                  .get(next)
                  .then()
                  .statusCode(200)
                  .extract();
          paged.addAll(Repo.paths(answer));
          var link = answer.header("Link");
          next = null;
          if (link != null) {
            // As JavaScript reads it.
            var matcher = Pattern.compile("<(https?://[^>]+)>;\\s+rel=\"([^\"]+)\"").matcher(link);
            assertThat(matcher.matches()).as(link).isTrue();
            assertThat(matcher.group(1)).startsWith("https://hub.example.org/cairn/api/");
            var address = URI.create(matcher.group(1));
            next = address.getRawPath().substring("/cairn".length()) + "?" + address.getRawQuery();
          }
        }
        assertThat(paged).as(rest + " " + limit).containsExactlyElementsOf(whole);
      }
    }
    plain()
        .get(repo.api() + "/tree/step1?limit=1")
        .then()
        .header("Link", startsWith("<http://localhost:"));
    plain()
        .get(repo.api() + "/tree/step1?cursor=x")
        .then()
        .statusCode(400)
        .contentType("application/json")
        .body("error", containsString("not one that this API handed out"));
  }

  @Test
  void entriesSayWhatGitWouldSay() throws Exception {
    var repo = Repo.create().sealed(1, files("b/a.txt"));
    var pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 1\n"
            .formatted(Sha256.of(A));
    plain()
        .get(repo.api() + "/tree/step1?recursive=true&expand=true")
        .then()
        .statusCode(200)
        .body("[0].type", equalTo("directory"))
        .body("[0].oid", matchesPattern("[0-9a-f]{40}"))
        .body("[0].size", equalTo(0))
        .body("[1].type", equalTo("file"))
        .body("[1].oid", equalTo(gitBlob(pointer)))
        .body("[1].size", equalTo(1))
        .body("[1].lfs.oid", equalTo(Sha256.of(A).hex()))
        .body("[1].lfs.size", equalTo(1))
        .body("[1].lfs.pointerSize", equalTo(pointer.length()))
        .body("[1].lastCommit.id", equalTo(repo.commit("step1")))
        .body("[1].lastCommit.date", matchesPattern(".*\\.\\d{3}Z"))
        .body("[1].xetHash", nullValue());
    plain().get(repo.api() + "/tree/step1").then().body("[0].lastCommit", nullValue());
  }

  @Test
  void pathsAreFoundAsAFormAndAsJson() throws Exception {
    var repo = Repo.create().sealed(1, files("a.txt", "b/c d.txt"));
    plain()
        .contentType("application/x-www-form-urlencoded")
        .body("paths=a.txt&paths=b%2Fc+d.txt&paths=b&paths=nothing&paths=..&expand=True")
        .post(repo.api() + "/paths-info/step1")
        .then()
        .statusCode(200)
        .body("path", containsInAnyOrder("a.txt", "b/c d.txt", "b"))
        .body("find { it.path == 'b' }.type", equalTo("directory"))
        .body("[0].lastCommit.id", equalTo(repo.commit("step1")));
    plain()
        .contentType(ContentType.JSON)
        .body("{\"paths\":[\"a.txt\",\"b/\"],\"expand\":false}")
        .post(repo.api() + "/paths-info/step1")
        .then()
        .statusCode(200)
        .body("path", containsInAnyOrder("a.txt", "b"))
        .body("[0].lastCommit", nullValue());
    plain()
        .contentType(ContentType.JSON)
        .body("{\"paths\":[]}")
        .post(repo.api() + "/paths-info/step2")
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("RevisionNotFound"));
  }

  @Test
  void infoTellsFilesAndParameters() throws Exception {
    var weights =
        new Safetensors()
            .floats("w", List.of(2, 3), Safetensors.values(6, 1))
            .tensor("i", "I64", List.of(2), new byte[16])
            .floats("s", List.of(), 1f)
            .bytes();
    var repo =
        Repo.create("\"license\":\"mit\",\"family\":\"glyph\",\"axes\":{\"seed\":3}")
            .sealed(1, Map.of("model.safetensors", weights, "config.json", A));
    plain()
        .get(repo.api())
        .then()
        .statusCode(200)
        .body("id", equalTo(repo.project() + "/run"))
        .body("modelId", equalTo(repo.project() + "/run"))
        .body("author", equalTo(repo.project()))
        .body("sha", equalTo(repo.commit("step1")))
        .body("private", equalTo(false))
        .body("gated", equalTo(false))
        .body("downloads", equalTo(0))
        .body("tags", contains("glyph", "seed:3", "license:mit"))
        .body("createdAt", matchesPattern(".*\\.\\d{3}Z"))
        .body("lastModified", matchesPattern(".*\\.\\d{3}Z"))
        .body("safetensors.parameters", equalTo(Map.of("F32", 7, "I64", 2)))
        .body("safetensors.total", equalTo(9))
        .body("siblings.rfilename", contains("config.json", "model.safetensors"))
        .body("siblings[0].size", nullValue());
    plain()
        .get(repo.api() + "/revision/step1?blobs=True&expand=siblings")
        .then()
        .body("siblings[0].size", equalTo(1))
        .body("siblings[0].blobId", matchesPattern("[0-9a-f]{40}"))
        .body("siblings[0].lfs.sha256", equalTo(Sha256.of(A).hex()))
        .body("siblings[0].lfs.pointerSize", not(nullValue()));
    plain()
        .get(repo.api() + "/revision/step1/config.json")
        .then()
        .statusCode(404)
        .header("X-Error-Code", equalTo("RevisionNotFound"));
    plain()
        .get(repo.api() + "/discussions?p=0&status=open")
        .then()
        .statusCode(403)
        .body("error", not(nullValue()));
    plain().post(repo.api() + "/discussions").then().statusCode(403);
    plain().get(repo.api() + "/auth-check").then().statusCode(200);
    plain().get(repo.api() + "x/auth-check").then().statusCode(401);
  }

  @Test
  void manyFilesAreAllInTheInfo() throws Exception {
    var paths = new ArrayList<String>();
    for (int i = 0; i < 2_345; i++) {
      paths.add("d%d/f%d".formatted(i % 7, i));
    }
    var repo = Repo.create().draft(1, "", files(paths.toArray(String[]::new)));
    plain().get(repo.api()).then().statusCode(200).body("siblings", hasSize(2_345));
    plain()
        .get(repo.api() + "/tree/main?recursive=true")
        .then()
        .body("", hasSize(1_003))
        .header("Link", containsString("cursor="));
    assertThat(Repo.paths(repo.tree("main"))).hasSize(7);
  }
}
