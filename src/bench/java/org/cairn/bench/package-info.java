/**
 * Benchmarks: what Cairn adds to the time that its database, its object store and its processor
 * need anyway. Each measurement stands beside a floor, the same work without Cairn on the same
 * servers, taken in the same round; the ratio of the two is what a change of the code can be judged
 * by, the absolute rates belong to the machine.
 *
 * <p>Started by {@code src/bench/run}, which starts and stops everything it needs.
 */
@NullMarked
package org.cairn.bench;

import org.jspecify.annotations.NullMarked;
