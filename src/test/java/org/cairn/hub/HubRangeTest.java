package org.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.hub.Repo.bytes;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.Map;
import org.cairn.testsupport.Given;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of files, for clients that are sent to the store with what they asked for. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class HubRangeTest {

  private static final byte[] TEXT = bytes("0123456789".repeat(100));

  @ParameterizedTest
  @CsvSource({"0-0,0,0", "0-100000,0,999", "5-,5,999", "-8,992,999"})
  void theStoreAnswersTheRangeThatWasAskedForHere(String range, int first, int last)
      throws Exception {
    var repo = Repo.create().sealed(1, Map.of("text.txt", TEXT));
    repo.get("step1/text.txt", "Range", "bytes=" + range).statusCode(307);
    var answer =
        Given.download(
            repo.resolve("step1/text.txt"),
            "Range",
            "bytes=" + range,
            "Accept-Encoding",
            "gzip, deflate, br");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.headers().firstValue("Content-Range"))
        .contains("bytes %d-%d/1000".formatted(first, last));
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(TEXT, first, last + 1));
  }
}
