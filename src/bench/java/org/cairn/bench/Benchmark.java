package org.cairn.bench;

/** Something that is measured in rounds, each of them Cairn first and then its floors. */
interface Benchmark {

  /** Makes what the rounds need and runs everything once, smaller, so that the JVMs are warm. */
  void prepare() throws Exception;

  void round(int number) throws Exception;
}
