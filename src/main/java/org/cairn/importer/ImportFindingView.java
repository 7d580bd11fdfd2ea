package org.cairn.importer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an import found.
 *
 * @param run that has it
 * @param findingClass kind of fault, as a slug
 * @param evidence exact values, and where they were read
 */
record ImportFindingView(
    String run, @JsonProperty("class") String findingClass, String subject, JsonNode evidence) {}
