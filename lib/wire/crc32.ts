import { crc32 as zlibCrc32 } from 'node:zlib'

/** CRC-32 as RocketMQ keeps it: with the top bit cleared. */
export function crc32(bytes: Uint8Array): number {
  return zlibCrc32(bytes) & 0x7fffffff
}
