const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const IPV4_IN_LONG_IPV6 = /^(?:0000:){5}ffff:([0-9a-f]{2})([0-9a-f]{2}):([0-9a-f]{2})([0-9a-f]{2})$/i;

/** An IPv4 client of an IPv6 listener shows as IPv4, whichever way the engine writes it. */
export function plainAddress(address: string): string {
  const dotted = IPV4_IN_IPV6.exec(address);
  if (dotted?.[1] !== undefined) return dotted[1];
  const hexadecimal = IPV4_IN_LONG_IPV6.exec(address);
  return hexadecimal === null
    ? address
    : hexadecimal
        .slice(1)
        .map((byte) => Number.parseInt(byte, 16))
        .join('.');
}
