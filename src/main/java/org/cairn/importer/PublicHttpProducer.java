package org.cairn.importer;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** The one client that asks foreign hosts. */
@ApplicationScoped
class PublicHttpProducer {

  @Produces
  @Singleton
  PublicHttp http(Vertx vertx, ReferencesConfig config) {
    // Connections are not kept: the next address is another host's, or was resolved anew.
    var client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    return new PublicHttp(
        client,
        host -> List.of(InetAddress.getAllByName(host)),
        config.trustedHosts().orElse(Set.of()));
  }
}
