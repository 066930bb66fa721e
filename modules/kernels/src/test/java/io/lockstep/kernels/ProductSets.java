package io.lockstep.kernels;

import java.util.LinkedHashMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/** The SIMD products that this machine's CPU has, by width in bits. */
final class ProductSets {
  private ProductSets() {}

  static Map<Integer, Products> vector() {
    Map<Integer, Products> sets = new LinkedHashMap<>();
    sets.put(128, new Vector128Products());
    sets.put(256, new Vector256Products());
    sets.put(512, new Vector512Products());
    sets.keySet().removeIf(bits -> bits > FloatVector.SPECIES_PREFERRED.vectorBitSize());
    return sets;
  }
}
