package org.cairn.checkpoint;

import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.cairn.api.PageView;
import org.cairn.artifact.ArtifactDelivery;
import org.cairn.artifact.ContentDelivery;
import org.cairn.platform.Names;
import org.cairn.tensor.TensorFormat;
import org.cairn.tensor.TensorReader;
import org.cairn.tensor.TensorSlice;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/checkpoints/{ref}")
@Tag(name = "Tensors")
@RunOnVirtualThread
class CheckpointTensorResource {

  private static final String FILE =
      "Safetensors file of the checkpoint to look into, such as one of the optimizer; the weights where left out";
  private static final String SLICE =
      "Part of the tensor as NumPy writes it, without steps: 0:128,:,3. An index removes its axis";
  private static final String FORMAT =
      "safetensors; npy, where BF16 and floats of 8 bits and less become float32, which holds each of their values; or raw:"
          + " little-endian elements in C order";

  private final CheckpointTensorService tensors;
  private final TensorReader reader;
  private final ArtifactDelivery delivery;

  CheckpointTensorResource(
      CheckpointTensorService tensors, TensorReader reader, ArtifactDelivery delivery) {
    this.tensors = tensors;
    this.reader = reader;
    this.delivery = delivery;
  }

  @GET
  @Path("/tensors")
  @Operation(
      summary = "List the tensors of a checkpoint with their digests and statistics, by name",
      description =
          "Those of the files that weightsDigest is of; of a draft, those whose bytes were verified.")
  public PageView<CheckpointTensorService.TensorView> listTensors(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @Parameter(description = FILE) @RestQuery @Nullable @Size(max = Names.PATH_MAX) String file,
      @RestQuery @Nullable String pageToken,
      @RestQuery @DefaultValue("1000") @Min(1) @Max(10_000) int pageSize) {
    return tensors.list(project, run, ref, file, pageToken, pageSize);
  }

  @GET
  @Path("/tensors/{name:.+}")
  @Operation(
      summary = "Read a tensor of a checkpoint, or a part of it",
      description =
          "name is the tensor's own, or its canonical one, which is the same across families of models; canonical:NAME is always"
              + " the latter. Only its own bytes are read from the store. Every format takes ranges. The entity tag of a whole tensor in the raw"
              + " format is the digest of its bytes.")
  @Uncompressed
  public RestResponse<?> getTensor(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String name,
      @Parameter(description = FILE) @RestQuery @Nullable @Size(max = Names.PATH_MAX) String file,
      @Parameter(description = SLICE) @RestQuery @Nullable @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = FORMAT) @RestQuery @DefaultValue("safetensors") @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = tensors.get(project, run, ref, file, name);
    return ContentDelivery.get(
        reader.content(found.tensor(), slice, TensorFormat.parse(format), found.sealed()), headers);
  }

  @HEAD
  @Path("/tensors/{name:.+}")
  @Operation(summary = "Read the size of what the same GET answers")
  @Uncompressed
  public RestResponse<?> headTensor(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String name,
      @Parameter(description = FILE) @RestQuery @Nullable @Size(max = Names.PATH_MAX) String file,
      @Parameter(description = SLICE) @RestQuery @Nullable @Pattern(regexp = TensorSlice.REGEX)
          String slice,
      @Parameter(description = FORMAT) @RestQuery @DefaultValue("safetensors") @Size(max = 20)
          String format,
      @Context HttpHeaders headers) {
    var found = tensors.get(project, run, ref, file, name);
    return ContentDelivery.head(
        reader.content(found.tensor(), slice, TensorFormat.parse(format), found.sealed()), headers);
  }

  @GET
  @Path("/tensor-address/{name:.+}")
  @Operation(
      summary = "Ask for an address in the object store that has a tensor, or a part of it",
      description =
          "For what lies in one stretch of bytes: GET url with the header Range as given answers the elements, little-endian, in C"
              + " order, without a byte passing through this service.")
  public ArtifactDelivery.Stretch getTensorAddress(
      @RestPath String project,
      @RestPath String run,
      @RestPath String ref,
      @RestPath String name,
      @Parameter(description = FILE) @RestQuery @Nullable @Size(max = Names.PATH_MAX) String file,
      @Parameter(description = SLICE) @RestQuery @Nullable @Pattern(regexp = TensorSlice.REGEX)
          String slice) {
    var found = tensors.get(project, run, ref, file, name);
    return delivery.stretch(found.tensor().file(), reader.stretch(found.tensor(), slice));
  }
}
