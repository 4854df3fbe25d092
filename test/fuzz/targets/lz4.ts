import assert from 'node:assert/strict'
import { decodeLz4Frames } from '../../../lib/wire/lz4-frame'
import { encodeLz4Frame, uint32 } from '../../support/lz4-encoder'
import fc from '../../support/property'
import { damaged } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const CAP = 10_000
const text = Buffer.from('hello hello hello hello hello hello')
const samples = [
  encodeLz4Frame(text),
  encodeLz4Frame(text, { linked: true, blockBytes: 16 }),
  encodeLz4Frame(text, { contentChecksum: true, blockChecksums: true, contentSize: true }),
  encodeLz4Frame(Buffer.alloc(2 * CAP)),
]
const header = encodeLz4Frame(Buffer.alloc(0)).subarray(0, 7)
/** Blocks of noise behind a good header. */
const blocks = fc
  .array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 })
  .map(parts => Buffer.concat([header, ...parts.flatMap(part => [uint32(part.length), part]), uint32(0)]))

/** Bodies that LZ4 has made smaller. */
export const lz4: FuzzTarget = {
  name: 'lz4',
  input: fc.oneof(damaged(samples), blocks),
  read: bytes => {
    const body = refusedOr(['MESSAGE_UNREADABLE'], () => decodeLz4Frames(bytes, CAP))
    assert.ok(body === undefined || body.length <= CAP, `${body?.length} bytes came out`)
  },
}
