package org.cairn.importer;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses lie in the public internet. Whoever has the service look at an address may choose
 * a name that resolves into the network that the service itself stands in (server-side request
 * forgery), so all that is not globally reachable is refused, by the registries of special-purpose
 * addresses of IANA (RFC 6890).
 */
final class PublicNetworks {

  private static final List<Block> V4_SPECIAL =
      List.of(
          Block.of("0.0.0.0", 8),
          Block.of("10.0.0.0", 8),
          Block.of("100.64.0.0", 10),
          Block.of("127.0.0.0", 8),
          Block.of("169.254.0.0", 16),
          Block.of("172.16.0.0", 12),
          Block.of("192.0.0.0", 24),
          Block.of("192.0.2.0", 24),
          Block.of("192.88.99.0", 24),
          Block.of("192.168.0.0", 16),
          Block.of("198.18.0.0", 15),
          Block.of("198.51.100.0", 24),
          Block.of("203.0.113.0", 24),
          Block.of("224.0.0.0", 3));

  /** All that is given out so far; what carries addresses of version 4 may lead anywhere. */
  private static final Block V6_GLOBAL = Block.of("2000::", 3);

  private static final List<Block> V6_SPECIAL =
      List.of(
          Block.of("2001::", 23),
          Block.of("2001:db8::", 32),
          Block.of("2002::", 16),
          Block.of("3fff::", 20));

  private PublicNetworks() {}

  /** A block of addresses that have their first bits in common. */
  private record Block(InetAddress first, int bits) {

    static Block of(String first, int bits) {
      return new Block(InetAddress.ofLiteral(first), bits);
    }

    boolean has(InetAddress address) {
      var mine = first.getAddress();
      var other = address.getAddress();
      if (mine.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >>> (bit % 8);
        if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Whether an address is globally reachable, whoever has it. */
  static boolean has(InetAddress address) {
    return switch (address) {
      case Inet4Address v4 -> V4_SPECIAL.stream().noneMatch(block -> block.has(v4));
      case Inet6Address v6 ->
          V6_GLOBAL.has(v6) && V6_SPECIAL.stream().noneMatch(block -> block.has(v6));
      default -> false;
    };
  }
}
