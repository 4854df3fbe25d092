import { deflate as deflateZlib, inflate as inflateZlib } from 'node:zlib'
import type { CompressionType } from '../model/sys-flag'
import { WorkSlots } from '../runtime/work-slots'
import { BODY_THREADS } from './body-threads'
import { codecPool } from './codec-pool'
import { type CodecJob, runCodecJob } from './codec-job'
import { tooLarge, unreadable } from './unreadable'
import { fitted, inflatedChunkBytes, packedChunkBytes } from './zlib-chunks'
import { compressZstd, inflatesZstdNatively, inflateZstd } from './zstd'
import { inspectZstdFrames } from './zstd-frames'

/** From these sizes on the codecs that are written in JavaScript run in another thread; below, to ask one costs more. */
const LARGE = { LZ4_COMPRESS: 65_536, LZ4_INFLATE: 32_768, ZSTD_INFLATE: 16_384 } as const
/** From these sizes on it takes libuv's threads a millisecond or more. */
const LONG = { COMPRESS: 65_536, INFLATE: 16_384 } as const
/** Few bytes of ZSTD can be much work. */
const MANY_WINDOW_MOVES = 1_048_576
/** Made to be as long as can be, these take a tenth of a second. */
const MANY_SEQUENCES = 8
/** Where all cores are busy with bodies the event loop waits for one, for as long as the system pleases. */
const longWork = new WorkSlots(BODY_THREADS.libuv)

/**
 * A body as `type`, off the event loop where it is large. `level` is that of ZLIB, 0 to 9, or of ZSTD, 1 to 22; Java's
 * default is 5. LZ4 has none.
 * Rejects with UNSUPPORTED_BY_RUNTIME for ZSTD where Node.js lacks it.
 */
export function compress(body: Uint8Array, level: number, type: CompressionType = 'ZLIB'): Buffer | Promise<Buffer> {
  switch (type) {
    case 'ZLIB':
      return onLibuv(body.length >= LONG.COMPRESS, () => compressZlib(body, level))
    case 'LZ4':
      return run({ kind: 'LZ4_COMPRESS', body, maxBytes: 0 })
    case 'ZSTD':
      return onLibuv(body.length >= LONG.COMPRESS, () => compressZstd(body, level))
  }
}

/**
 * Inflates a body to at most `maxBytes`, off the event loop where it is large.
 * @throws RocketMQError MESSAGE_UNREADABLE where it is damaged or too large, UNSUPPORTED_BY_RUNTIME where the codec is
 * missing; promises reject with the same
 */
export function inflate(type: CompressionType, body: Buffer, maxBytes: number): Buffer | Promise<Buffer> {
  switch (type) {
    case 'ZLIB':
      return onLibuv(body.length >= LONG.INFLATE, () => inflateByZlib(body, maxBytes))
    case 'LZ4':
      return run({ kind: 'LZ4_INFLATE', body, maxBytes })
    case 'ZSTD':
      return inflatesZstdNatively()
        ? onLibuv(body.length >= LONG.INFLATE, async () => inflateZstd(body, maxBytes))
        : run({ kind: 'ZSTD_INFLATE', body, maxBytes }, isMuchWork(body, maxBytes))
  }
}

function run(job: CodecJob, isHeavy = false): Buffer | Promise<Buffer> {
  return isHeavy || job.body.length >= LARGE[job.kind] ? codecPool.run(job) : runCodecJob(job)
}

function onLibuv(isLong: boolean, work: () => Promise<Buffer>): Promise<Buffer> {
  return isLong ? longWork.run(work) : work()
}

function isMuchWork(body: Buffer, maxBytes: number): boolean {
  const { windowMoves, sequences } = inspectZstdFrames(body, maxBytes)
  return windowMoves >= MANY_WINDOW_MOVES || sequences >= MANY_SEQUENCES
}

function compressZlib(body: Uint8Array, level: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflateZlib(body, { level, chunkSize: packedChunkBytes(body) }, (error, result) =>
      error === null ? resolve(fitted(result)) : reject(error),
    )
  })
}

function inflateByZlib(body: Buffer, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { maxOutputLength: maxBytes, chunkSize: inflatedChunkBytes(body, maxBytes) }
    inflateZlib(body, options, (error, result) => {
      if (error === null) resolve(fitted(result))
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxBytes))
      else reject(unreadable('a body marked as ZLIB cannot be inflated', error))
    })
  })
}
