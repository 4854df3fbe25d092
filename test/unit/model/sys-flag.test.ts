import {
  SYS_FLAG,
  compressionBits,
  compressionType,
  needsUnwrap,
  transactionValue,
  withTransactionValue,
} from '../../../lib/model/sys-flag'

describe('the sysFlag of a message', () => {
  it('tells the transaction state and lets it be replaced', () => {
    const flag = SYS_FLAG.COMPRESSED | SYS_FLAG.TRANSACTION_PREPARED | SYS_FLAG.BORN_HOST_V6
    expect(transactionValue(flag)).toBe(SYS_FLAG.TRANSACTION_PREPARED)
    expect(withTransactionValue(flag, SYS_FLAG.TRANSACTION_ROLLBACK)).toBe(
      SYS_FLAG.COMPRESSED | SYS_FLAG.TRANSACTION_ROLLBACK | SYS_FLAG.BORN_HOST_V6,
    )
    expect(transactionValue(withTransactionValue(flag, 0))).toBe(0)
  })

  it.each([
    [0, 'ZLIB'],
    [SYS_FLAG.COMPRESSION_ZLIB, 'ZLIB'],
    [SYS_FLAG.COMPRESSION_LZ4, 'LZ4'],
    [SYS_FLAG.COMPRESSION_ZSTD | SYS_FLAG.COMPRESSED, 'ZSTD'],
    [0x400, undefined],
    [0x700, undefined],
  ])('%i has the compression %p', (flag, type) => {
    expect(compressionType(flag)).toBe(type)
  })

  it.each(['ZLIB', 'LZ4', 'ZSTD'] as const)('says that a body is compressed by %s', type => {
    expect(compressionBits(type) & SYS_FLAG.COMPRESSED).toBe(SYS_FLAG.COMPRESSED)
    expect(compressionType(compressionBits(type))).toBe(type)
  })

  it('asks for unwrapping only by both bits', () => {
    expect(
      [SYS_FLAG.INNER_BATCH, SYS_FLAG.NEED_UNWRAP, SYS_FLAG.INNER_BATCH | SYS_FLAG.NEED_UNWRAP].map(needsUnwrap),
    ).toEqual([false, false, true])
  })
})
