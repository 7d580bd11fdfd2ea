package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Arrays;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as clients of the Hub fetch them, where all bytes go through the service. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
@TestProfile(HubProxiedTest.Proxied.class)
class HubProxiedTest {

  public static final class Proxied implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("cairn.transfer.mode", "proxied");
    }
  }

  private static final byte[] TEXT = bytes("0123456789".repeat(100));

  @Test
  void bytesComeWithTheHeadersOfTheHub() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("text.txt", TEXT));
    var answer =
        repo.get("step1/text.txt", "Accept-Encoding", "gzip, deflate, br")
            .statusCode(200)
            .header("X-Repo-Commit", matchesPattern("[0-9a-f]{40}"))
            .header("ETag", equalTo("\"" + Sha256.of(TEXT) + "\""))
            .header("Content-Length", equalTo("1000"))
            .header("Content-Encoding", anyOf(nullValue(), equalTo("identity")));
    assertThat(answer.extract().asByteArray()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource({"0-0,0,0", "0-100000,0,999", "5-,5,999", "-8,992,999"})
  void rangesAreStreamed(String range, int first, int last) throws Exception {
    var repo = Repo.create().sealed(1, Map.of("text.txt", TEXT));
    var answer =
        repo.get("step1/text.txt", "range", "bytes=" + range)
            .statusCode(206)
            .header("Content-Range", equalTo("bytes %d-%d/1000".formatted(first, last)))
            .header("X-Repo-Commit", matchesPattern("[0-9a-f]{40}"));
    assertThat(answer.extract().asByteArray()).isEqualTo(Arrays.copyOfRange(TEXT, first, last + 1));
  }

  @Test
  void rangesBeyondTheEndAndOfNothing() throws Exception {
    var repo = Repo.create().sealed(1, Map.of("text.txt", TEXT, "empty", new byte[0]));
    repo.get("step1/text.txt", "Range", "bytes=1000-")
        .statusCode(416)
        .header("Content-Range", equalTo("bytes */1000"));
    repo.get("step1/empty", "Range", "bytes=0-0")
        .statusCode(200)
        .header("Content-Range", equalTo("bytes */0"));
    repo.get("step1/empty").statusCode(200).header("Content-Length", equalTo("0"));
  }
}
