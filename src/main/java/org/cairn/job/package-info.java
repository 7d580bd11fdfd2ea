/**
 * Work that outlives a request: a table of jobs with leases, and the runner that works through it.
 * The jobs themselves live with their features.
 */
@NullMarked
package org.cairn.job;

import org.jspecify.annotations.NullMarked;
