import { spawnSync } from 'node:child_process'
import { deflateSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import type { CompressionType } from '../../lib/model/sys-flag'
import { encodeLz4Frame } from '../../lib/wire/lz4-frame-encoder'
import { sampleBody } from './sample-body'

const LEVEL = 5
const { zstdCompressSync } = zlib as { zstdCompressSync?: (body: Buffer) => Buffer }

/** The sample as other clients would send it; undefined where neither Node.js nor a program of this machine can make it. */
export function compressedSample(type: CompressionType): Buffer | undefined {
  switch (type) {
    case 'ZLIB':
      return deflateSync(sampleBody(), { level: LEVEL })
    case 'LZ4':
      return encodeLz4Frame(sampleBody())
    case 'ZSTD':
      return zstdCompressSync === undefined ? byProgram() : zstdCompressSync(sampleBody())
  }
}

function byProgram(): Buffer | undefined {
  const options = { input: sampleBody(), maxBuffer: sampleBody().length }
  const { status, stdout } = spawnSync('zstd', ['--stdout', '-3'], options)
  return status === 0 ? stdout : undefined
}
