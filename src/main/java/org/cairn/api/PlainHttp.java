package org.cairn.api;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Without TLS the service speaks HTTP/1.1 only. Java's own client asks a server in its first
 * request to change to HTTP/2; in the Vert.x of this release long answers to that very request are
 * now and then mixed with frames, or never end. Over TLS, where both sides agree before the first
 * request, there is HTTP/2.
 */
@Singleton
class PlainHttp implements HttpServerOptionsCustomizer {

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options.setHttp2ClearTextEnabled(false);
  }
}
