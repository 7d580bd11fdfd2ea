package org.cairn.trajectory;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.List;
import org.cairn.api.ClientGoneException;
import org.cairn.checkpoint.CheckpointSelection;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/v1/projects/{project}/runs/{run}/tensor-statistics")
@Tag(name = "Tensors")
@RunOnVirtualThread
class StatisticsResource {

  private static final String NAME =
      "Of a tensor: its own, or its canonical one; canonical:NAME is always the latter. * stands for any characters:"
          + " *.attention.*. Can be given 50 times; all tensors where left out";
  private static final String PAIRS =
      "Compare each tensor with itself at other checkpoints of the selection, the nearest ones that have it: any of previous,"
          + " first, last, with commas";

  private final StatisticsReader reader;

  StatisticsResource(StatisticsReader reader) {
    this.reader = reader;
  }

  /** What the JSON of an answer looks like; it is written as it is read. */
  @Schema(name = "TensorStatisticsSeries")
  record StatisticsSeriesView(List<StatisticsRow> items) {}

  @GET
  @Operation(
      summary = "Read statistics of tensors through training",
      description =
          "A row for each checkpoint and tensor, in order of training and then of the tensors' names, streamed. At most 2,000"
              + " checkpoints and 200 names of tensors, after patterns. format=csv and format=parquet answer the same columns as a table."
              + " With pairs, at most 20,000 tensors; what no request asked for before is measured first and kept, at most 4,000"
              + " pairs and 4 GiB of tensors at once. Distances are right to 3e-14 of their value and cosines to 1e-13.")
  @APIResponse(
      responseCode = "200",
      description = "The rows",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = StatisticsSeriesView.class)))
  public RestResponse<?> getTensorStatistics(
      @RestPath String project,
      @RestPath String run,
      @BeanParam @Valid CheckpointSelection selection,
      @Parameter(description = NAME) @RestQuery @Nullable List<String> name,
      @Parameter(description = PAIRS)
          @RestQuery
          @Nullable
          @Pattern(
              regexp = PairKind.REGEX,
              message = "must be any of previous, first and last, with commas between them")
          String pairs,
      @Parameter(description = "json, csv or parquet")
          @RestQuery
          @DefaultValue("json")
          @Size(max = 20)
          String format) {
    var chosen = StatisticsFormat.parse(format);
    var answer = reader.read(project, run, selection, name, PairKind.parse(pairs), chosen);
    StreamingOutput body =
        out -> {
          try {
            answer.writeTo(out);
          } catch (IOException e) {
            throw new ClientGoneException(e);
          }
        };
    return RestResponse.ResponseBuilder.create(RestResponse.Status.OK, (Object) body)
        .header("Content-Type", chosen.mediaType())
        .build();
  }
}
