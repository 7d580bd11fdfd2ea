package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Java's client asks for HTTP/2 by changing to it in the midst of the first request. */
@QuarkusTest
class PlainHttpTest {

  @TestHTTPResource("/q/openapi")
  URI longAnswer = URI.create("");

  @Test
  void nobodyChangesTheProtocolInTheMidstOfARequest() throws Exception {
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(longAnswer).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.body()).contains("openapi: 3");
    }
  }
}
