package org.cairn.trajectory;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.checkpoint.CheckpointSelection;
import org.cairn.tensor.TensorSlice;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/tensors")
@Tag(name = "Tensors")
@RunOnVirtualThread
class RunTensorResource {

  static final String SLICE =
      "Part of each tensor as NumPy writes it, without steps: 0:128,:,3. An index removes its axis";
  static final String FORMAT =
      "safetensors, with an entry for each checkpoint, whose types and shapes may differ; npy, stacked, the first axis being the"
          + " checkpoints; or arrow, a stream of record batches with label, step, tokens and tensor, an"
          + " arrow.fixed_shape_tensor. The last two need tensors of one type and shape; BF16 and floats of 8 bits and less"
          + " become float32 in them, which holds each of their values, and booleans uint8 in arrow";
  static final String HEADERS =
      " Cairn-Checkpoints says how many are in the answer, Cairn-Without-Tensor how many of the selection do not have the tensor"
          + " and are left out. Cairn-Steps lists the steps in order; where the list is longer than 2,000 characters there is no"
          + " such header, and the metadata of safetensors, the columns of arrow or the list of checkpoints say it.";

  private final TensorSeriesService series;
  private final SeriesDelivery delivery;

  RunTensorResource(TensorSeriesService series, SeriesDelivery delivery) {
    this.series = series;
    this.delivery = delivery;
  }

  @GET
  @Path("/{name:.+}")
  @Operation(
      summary = "Read a tensor, or a part of it, across the checkpoints of a run",
      description =
          "In order of training, at most 2,000 checkpoints, chosen as in their list. Only the bytes of this tensor are read from the"
              + " store. Takes ranges."
              + HEADERS)
  @Uncompressed
  public RestResponse<?> getRunTensor(
      @RestPath String project,
      @RestPath String run,
      @RestPath String name,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = SLICE) @RestQuery @Nullable @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = FORMAT) @RestQuery @DefaultValue("safetensors") @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = series.ofRun(new RunName(project, run), selection, name);
    return delivery.get(found, slice, format, headers);
  }

  @HEAD
  @Path("/{name:.+}")
  @Operation(summary = "Read the size, and the steps, of what the same GET answers")
  @Uncompressed
  public RestResponse<?> headRunTensor(
      @RestPath String project,
      @RestPath String run,
      @RestPath String name,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = SLICE) @RestQuery @Nullable @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = FORMAT) @RestQuery @DefaultValue("safetensors") @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = series.ofRun(new RunName(project, run), selection, name);
    return delivery.head(found, slice, format, headers);
  }
}
