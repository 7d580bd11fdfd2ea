package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Why a finding is no fault.
 *
 * @param evidence exact values that show it, and where they were read
 */
public record Explanation(String text, JsonNode evidence) {}
