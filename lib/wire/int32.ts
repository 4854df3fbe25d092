/**
 * The signed big-endian 32-bit integer at `at`, which must lie inside: unlike `Buffer.readInt32BE`, which takes twice as long,
 * it checks nothing. Several run for each received message.
 */
export function int32At(source: Uint8Array, at: number): number {
  return (
    ((source[at] as number) << 24) |
    ((source[at + 1] as number) << 16) |
    ((source[at + 2] as number) << 8) |
    (source[at + 3] as number)
  )
}
