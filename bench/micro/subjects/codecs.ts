import type { CompressionType } from '../../../lib/model/sys-flag'
import type * as CodecJobFile from '../../../lib/wire/codec-job'
import type * as CompressionFile from '../../../lib/wire/compression'
import { type Measurable, type MeasuredBuild, NotMeasurable, type OpenCase, type Subject } from '../micro-case'
import { BODY } from '../samples'

const LEVEL = 5
/** Below the sizes from which other threads do the work. */
const SIZES = [4096, 16_000] as const
const BIG = 1_048_576

/** Text that is like itself, but not the same over and over. */
function textOf(bytes: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(bytes / BODY.length) }, (_, i) =>
    BODY.toString().replaceAll('9', `${i}`),
  )
  return Buffer.from(pieces.join('').slice(0, bytes))
}

async function compressing(build: MeasuredBuild, type: CompressionType, bytes: number): Promise<Measurable> {
  const { compress } = build.load<typeof CompressionFile>('wire/compression')
  const body = textOf(bytes)
  await orNotMeasurable(type, () => compress(body, LEVEL, type))
  return { bytes, run: () => compress(body, LEVEL, type) }
}

async function inflating(build: MeasuredBuild, type: CompressionType, bytes: number): Promise<Measurable> {
  const { compress, inflate } = build.load<typeof CompressionFile>('wire/compression')
  const packed = await orNotMeasurable(type, () => compress(textOf(bytes), LEVEL, type))
  return { bytes, run: () => inflate(type, packed, bytes) }
}

/** Node.js before 22.15 has no ZSTD. */
async function orNotMeasurable(type: CompressionType, work: () => Buffer | Promise<Buffer>): Promise<Buffer> {
  try {
    return await work()
  } catch (error) {
    if (type !== 'ZSTD') throw error
    throw new NotMeasurable((error as Error).message)
  }
}

/** The codec that is written in JavaScript, in this thread whatever the size. */
async function lz4Here(build: MeasuredBuild, kind: 'LZ4_COMPRESS' | 'LZ4_INFLATE'): Promise<Measurable> {
  const { runCodecJob } = build.load<typeof CodecJobFile>('wire/codec-job')
  const text = textOf(BIG)
  const body = kind === 'LZ4_COMPRESS' ? text : await runCodecJob({ kind: 'LZ4_COMPRESS', body: text, maxBytes: 0 })
  return { bytes: BIG, run: () => runCodecJob({ kind, body, maxBytes: BIG }) }
}

const TYPES: readonly CompressionType[] = ['LZ4', 'ZLIB', 'ZSTD']

/** Compressed bodies; rates are those of the bytes that are not compressed. */
export const codecs: Subject = {
  ...Object.fromEntries(
    TYPES.flatMap(type =>
      SIZES.flatMap((bytes): [string, OpenCase][] => [
        [`compress ${bytes} bytes, ${type}`, build => compressing(build, type, bytes)],
        [`inflate ${bytes} bytes, ${type}`, build => inflating(build, type, bytes)],
      ]),
    ),
  ),
  'compress 1 MiB, LZ4, in this thread': build => lz4Here(build, 'LZ4_COMPRESS'),
  'inflate 1 MiB, LZ4, in this thread': build => lz4Here(build, 'LZ4_INFLATE'),
}
