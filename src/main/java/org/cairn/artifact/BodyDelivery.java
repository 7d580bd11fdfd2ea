package org.cairn.artifact;

import io.vertx.core.Vertx;
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
    var http = ((ResteasyReactiveRequestContext) context).unwrap(RoutingContext.class);
    var owner = Objects.requireNonNull(Vertx.currentContext());
    try (var client = new ClientConnection(http.response(), owner);
        var flow = new ContentFlow(body, client)) {
      // The other headers follow with the first byte; this one is asked for before it.
      response.setResponseHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
      flow.run();
      response.end();
    }
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
