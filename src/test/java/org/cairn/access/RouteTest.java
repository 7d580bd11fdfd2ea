package org.cairn.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteTest {

  private static @Nullable Thing thing(String template, Map<String, String> parameters) {
    return Route.of(template, null).thing(new HashMap<>(parameters)::get);
  }

  @Test
  void theAddressNamesTheThing() {
    var names = Map.of("project", "p", "run", "r", "dataset", "d", "name", "n", "kind", "models");
    assertThat(thing("/v1/projects/{project}", names)).isEqualTo(Thing.project("p"));
    assertThat(thing("/v1/projects/{project}/configurations/{id}", names))
        .isEqualTo(Thing.project("p"));
    assertThat(thing("/v1/projects/{project}/runs/{run}/tensors/{name:.+}", names))
        .isEqualTo(Thing.run("p", "r"));
    assertThat(thing("/v1/projects/{project}/datasets/{dataset}/versions", names))
        .isEqualTo(Thing.dataset("p", "d"));
    assertThat(thing("/v1/projects", names)).isNull();
  }

  @Test
  void aRepositoryOfTheHubIsARunOrADataset() {
    var names = new HashMap<>(Map.of("project", "p", "name", "n"));
    assertThat(thing("{project}/{name}/resolve/{place: .+}", names)).isEqualTo(Thing.run("p", "n"));
    assertThat(thing("datasets/{project}/{name}/resolve/{place: .+}", names))
        .isEqualTo(Thing.dataset("p", "n"));
    var api = "/api/{kind: models|datasets}/{project}/{name}/commit/{place: .+}";
    names.put("kind", "models");
    assertThat(thing(api, names)).isEqualTo(Thing.run("p", "n"));
    names.put("kind", "datasets");
    assertThat(thing(api, names)).isEqualTo(Thing.dataset("p", "n"));
    var lfs = "{project}/{name: [^/]+}.git/info/lfs/objects/batch";
    assertThat(thing(lfs, Map.of("project", "p", "name", "n"))).isEqualTo(Thing.run("p", "n"));
  }
}
