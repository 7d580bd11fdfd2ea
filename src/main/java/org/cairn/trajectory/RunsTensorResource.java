package org.cairn.trajectory;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.api.Admits;
import org.cairn.api.Admits.Rule;
import org.cairn.checkpoint.CheckpointSelection;
import org.cairn.tensor.TensorSlice;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/tensors")
@Tag(name = "Tensors")
@RunOnVirtualThread
class RunsTensorResource {

  private static final String RUNS =
      "Runs, separated by commas: project/run,project/run. At most 100";
  private static final int RUNS_MAX = 20_000;
  private static final int NAME_MAX = 4096;

  private final TensorSeriesService series;
  private final SeriesDelivery delivery;

  RunsTensorResource(TensorSeriesService series, SeriesDelivery delivery) {
    this.series = series;
    this.delivery = delivery;
  }

  @GET
  @Admits(Rule.ITS_OWN_CHECK)
  @Operation(
      summary = "Read a tensor, or a part of it, across the checkpoints of several runs",
      description =
          "As across those of one, such as for seeds: in order of the runs and then of training, at most 2,000 checkpoints of each"
              + " and 10,000 of all. Entries of safetensors are called project/run@label, npy has the rows of one run after those"
              + " of the other, and arrow has a column run. Cairn-Run-Checkpoints says how many checkpoints each run has."
              + RunTensorResource.HEADERS)
  @Uncompressed
  public RestResponse<?> getTensorOfRuns(
      @Parameter(description = RUNS) @RestQuery @NotNull @Size(max = RUNS_MAX) String runs,
      @RestQuery @NotNull @Size(min = 1, max = NAME_MAX) String name,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = RunTensorResource.SLICE)
          @RestQuery
          @Nullable
          @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = RunTensorResource.FORMAT)
          @RestQuery
          @DefaultValue("safetensors")
          @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = series.ofRuns(RunName.parse(runs), selection, name);
    return delivery.get(found, slice, format, headers);
  }

  @HEAD
  @Admits(Rule.ITS_OWN_CHECK)
  @Operation(summary = "Read the size, and the steps, of what the same GET answers")
  @Uncompressed
  public RestResponse<?> headTensorOfRuns(
      @Parameter(description = RUNS) @RestQuery @NotNull @Size(max = RUNS_MAX) String runs,
      @RestQuery @NotNull @Size(min = 1, max = NAME_MAX) String name,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = RunTensorResource.SLICE)
          @RestQuery
          @Nullable
          @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = RunTensorResource.FORMAT)
          @RestQuery
          @DefaultValue("safetensors")
          @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = series.ofRuns(RunName.parse(runs), selection, name);
    return delivery.head(found, slice, format, headers);
  }
}
