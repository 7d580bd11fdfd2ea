package org.cairn.artifact;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Sends bytes only as fast as the client takes them. The stream that a {@code StreamingOutput} gets
 * learns too late that a client is slow: up to a megabyte waits for each of them by then.
 */
@Provider
public class BodyDelivery implements ServerMessageBodyWriter<ContentBody> {

  /** As much as the server's allocator keeps in its pool. */
  private static final int AT_ONCE = 64 << 10;

  @Override
  public boolean isWriteable(
      Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType mediaType) {
    return type == ContentBody.class;
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return type == ContentBody.class;
  }

  @Override
  public void writeResponse(ContentBody body, Type genericType, ServerRequestContext context)
      throws IOException {
    var response = context.serverResponse();
    var connection =
        ((ResteasyReactiveRequestContext) context).unwrap(RoutingContext.class).response();
    var loop = Objects.requireNonNull(Vertx.currentContext());
    try (var flow = new ContentFlow(body, piece -> send(piece, connection, loop))) {
      // The other headers follow with the first byte; this one is asked for before it.
      response.setResponseHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
      flow.run();
      response.end();
    }
  }

  /**
   * All of a piece by the thread that owns the connection: another one would wait for it at each
   * write, and it for the other.
   */
  private static CompletableFuture<?> send(
      byte[] piece, HttpServerResponse connection, Context loop) {
    var sent = new CompletableFuture<Void>();
    loop.runOnContext(_ -> {
      try {
        write(piece, connection)
            .onComplete(done -> {
              if (done.succeeded()) {
                sent.complete(null);
              } else {
                sent.completeExceptionally(done.cause());
              }
            });
      } catch (RuntimeException e) {
        sent.completeExceptionally(e);
      }
    });
    return sent;
  }

  /** Answers when the last of it is with the system. */
  @SuppressWarnings("deprecation") // There is no other way to a buffer that need not be copied.
  private static Future<Void> write(byte[] piece, HttpServerResponse connection) {
    var written = Future.<Void>succeededFuture();
    for (int from = 0; from < piece.length; from += AT_ONCE) {
      // As it is: a buffer of the server's own would be a copy. Nobody touches it until it is sent.
      var part = Unpooled.wrappedBuffer(piece, from, Math.min(AT_ONCE, piece.length - from));
      written = connection.write(Buffer.buffer(part));
    }
    return written;
  }

  @Override
  public void writeTo(
      ContentBody body,
      Class<?> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream out) {
    throw new UnsupportedOperationException("nothing stands between this and the connection");
  }
}
