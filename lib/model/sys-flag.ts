/** Bits of a message's sysFlag (Java `MessageSysFlag`). */
export const SYS_FLAG = {
  COMPRESSED: 0x1,
  MULTI_TAGS: 0x2,
  TRANSACTION_PREPARED: 0x4,
  TRANSACTION_COMMIT: 0x8,
  TRANSACTION_ROLLBACK: 0xc,
  BORN_HOST_V6: 0x10,
  STORE_HOST_V6: 0x20,
  NEED_UNWRAP: 0x40,
  INNER_BATCH: 0x80,
  COMPRESSION_LZ4: 0x100,
  COMPRESSION_ZSTD: 0x200,
  COMPRESSION_ZLIB: 0x300,
} as const

const TRANSACTION_MASK = 0xc
/** The bits that tell how a body is compressed. */
export const COMPRESSION_MASK = 0x700

/** Codec of a compressed body. */
export type CompressionType = 'ZLIB' | 'LZ4' | 'ZSTD'

/** The bits of a body that is compressed by this codec. */
export function compressionBits(type: CompressionType): number {
  return SYS_FLAG.COMPRESSED | SYS_FLAG[`COMPRESSION_${type}`]
}

/** The transaction bits alone. */
export function transactionValue(sysFlag: number): number {
  return sysFlag & TRANSACTION_MASK
}

/** The flag with its transaction bits replaced by `type`. */
export function withTransactionValue(sysFlag: number, type: number): number {
  return (sysFlag & ~TRANSACTION_MASK) | type
}

/** The compression of a body, or undefined where the number is none that RocketMQ defines. Old clients leave it 0: ZLIB. */
export function compressionType(sysFlag: number): CompressionType | undefined {
  switch (sysFlag & COMPRESSION_MASK) {
    case 0:
    case SYS_FLAG.COMPRESSION_ZLIB:
      return 'ZLIB'
    case SYS_FLAG.COMPRESSION_LZ4:
      return 'LZ4'
    case SYS_FLAG.COMPRESSION_ZSTD:
      return 'ZSTD'
    default:
      return undefined
  }
}

/** True where a record holds a whole batch that the client must split. */
export function needsUnwrap(sysFlag: number): boolean {
  const both = SYS_FLAG.INNER_BATCH | SYS_FLAG.NEED_UNWRAP
  return (sysFlag & both) === both
}
