package org.cairn.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import org.cairn.api.ClientGoneException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Answers that carry JSON of any length, written while it is sent. */
@ApplicationScoped
class JsonDelivery {

  private final JsonFactory factory;

  JsonDelivery(ObjectMapper json) {
    factory = json.getFactory();
  }

  /** Writes an answer. */
  interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  RestResponse<?> get(Writer writer) {
    return ResponseBuilder.ok(
            (StreamingOutput)
                out -> {
                  var json = factory.createGenerator(out);
                  json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                  try {
                    writer.write(json);
                    json.close();
                  } catch (IOException e) {
                    throw new ClientGoneException(e);
                  }
                })
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
