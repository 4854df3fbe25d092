import assert from 'node:assert/strict'
import * as fzstd from 'fzstd'
import { type ZstdCodecs, inflateZstd } from '../../../lib/wire/zstd'
import { inspectZstdFrames } from '../../../lib/wire/zstd-frames'
import fc from '../../support/property'
import { damaged } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const CAP = 10_000
const FEW_SEQUENCES = 8
/** As in a process whose Node knows no ZSTD: what inflates then is JavaScript, in this very thread. */
const BY_FZSTD: ZstdCodecs = { native: undefined, loadFzstd: () => fzstd }
/** Made by the command zstd: literals of Huffman's and sequences of FSE's coding, with and without a checksum. */
const samples = [
  '28b52ffd648c036d040022061214a01b1b005b77fa48c2bfa9657777f7d2e3bfaa01ab84af5c73e6cf7a848b8896769b12f9b6f4b0cad7c2caff8b66577f9f76b4ea271da10324691887f033b83804c58017a3589236a8219cd9fd3b70b9b40611200408015078a1a008837c0c4801a4284f55a2ba451bfbc205e973222ff99d86aeac21913a240b6b10dd00d78bcc02d9f57b3d19b0abff143bf4',
  '28b52ffd608c036d040022061214a01b1b005b77fa48c2bfa9657777f7d2e3bfaa01ab84af5c73e6cf7a848b8896769b12f9b6f4b0cad7c2caff8b66577f9f76b4ea271da10324691887f033b83804c58017a3589236a8219cd9fd3b70b9b40611200408015078a1a008837c0c4801a4284f55a2ba451bfbc205e973222ff99d86aeac21913a240b6b10dd00d78bcc02d9f57b3d19b0ab',
  '28b52ffd642c00ad00005868656c6c6f20776f726c64020010a47a15aa1401dde26a2b',
  '28b52ffd005844000010616101001ec002010000',
].map(hex => Buffer.from(hex, 'hex'))
const header = Buffer.from('28b52ffd0070', 'hex')
/** Blocks of any kind behind a good header. */
const blocks = fc
  .array(fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 60 })), { maxLength: 5 })
  .map(parts =>
    Buffer.concat([
      header,
      ...parts.flatMap(([type, part]) => [blockHead(type, part.length), part]),
      Buffer.of(1, 0, 0),
    ]),
  )

function blockHead(type: number, bytes: number): Buffer {
  const head = (bytes << 3) | (type << 1)
  return Buffer.of(head & 0xff, (head >>> 8) & 0xff, head >>> 16)
}

/** Bodies that ZSTD has made smaller. */
export const zstd: FuzzTarget = {
  name: 'zstd',
  input: fc.oneof(damaged(samples), blocks),
  read: async bytes => {
    const frames = refusedOr(['MESSAGE_UNREADABLE'], () => inspectZstdFrames(bytes, CAP))
    // More than these are left to a thread, which is ended where they take too long.
    if (frames === undefined || frames.sequences >= FEW_SEQUENCES) return
    const body = await refusedOr(['MESSAGE_UNREADABLE'], () => inflateZstd(bytes, CAP, BY_FZSTD))
    assert.ok(body === undefined || body.length <= CAP, `${body?.length} bytes came out`)
  },
}
