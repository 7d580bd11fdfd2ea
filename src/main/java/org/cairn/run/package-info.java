/**
 * Training runs, their segments, where each came from, the exact counts of steps and tokens along
 * the way, and the faults that were found.
 */
@NullMarked
package org.cairn.run;

import org.jspecify.annotations.NullMarked;
