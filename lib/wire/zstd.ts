import * as zlib from 'node:zlib'
import { RocketMQError } from '../errors'
import { tooLarge, unreadable } from './unreadable'
import { fitted, inflatedChunkBytes, packedChunkBytes } from './zlib-chunks'
import { inspectZstdFrames, type ZstdFrames } from './zstd-frames'

/** fzstd moves its whole window after each block; beyond this a body would hold the event loop for seconds. */
const MAX_WINDOW_MOVES = 2 ** 31
const CURE = 'use Node.js 22.15 or later, or install the package fzstd'

type NativeInflate = (
  body: Buffer,
  options: { maxOutputLength: number; chunkSize: number },
  callback: (error: Error | null, result: Buffer) => void,
) => void

type NativeCompress = (
  body: Uint8Array,
  options: { params: Record<number, number>; chunkSize: number },
  callback: (error: Error | null, result: Buffer) => void,
) => void

/** What node:zlib has of ZSTD from Node.js 22.15 on. */
interface NativeZstd {
  readonly zstdDecompress?: NativeInflate
  readonly zstdCompress?: NativeCompress
  readonly constants: { readonly ZSTD_c_compressionLevel?: number }
}

/** The part of the optional peer `fzstd` that is used. */
interface Fzstd {
  readonly Decompress: new (onChunk: (chunk: Uint8Array) => void) => { push(chunk: Uint8Array, final: boolean): void }
}

/** How this process decodes ZSTD; looked for when the first such body comes. */
export interface ZstdCodecs {
  readonly native: NativeInflate | undefined
  readonly loadFzstd: () => Fzstd
}

/** How this process writes ZSTD, if it can. */
export interface ZstdEncoder {
  readonly compress: NativeCompress
  /** The number by which node:zlib knows the level. */
  readonly levelParameter: number
}

const NATIVE = zlib as unknown as NativeZstd
const CODECS: ZstdCodecs = {
  native: NATIVE.zstdDecompress,
  // An optional peer: loaded only where it is needed.
  loadFzstd: () => require('fzstd') as Fzstd,
}

const ENCODER: ZstdEncoder | undefined =
  NATIVE.zstdCompress === undefined || NATIVE.constants.ZSTD_c_compressionLevel === undefined
    ? undefined
    : { compress: NATIVE.zstdCompress, levelParameter: NATIVE.constants.ZSTD_c_compressionLevel }

/** Whether node:zlib inflates ZSTD, on threads of its own. */
export function inflatesZstdNatively(): boolean {
  return CODECS.native !== undefined
}

/**
 * Makes sure that bodies can be sent as ZSTD.
 * @throws RocketMQError UNSUPPORTED_BY_RUNTIME
 */
export function checkZstdEncoder(encoder: ZstdEncoder | undefined = ENCODER): ZstdEncoder {
  if (encoder !== undefined) return encoder
  const says = `compressType ZSTD needs Node.js 22.15 or later, this is ${process.version}: use it, or compress by ZLIB or LZ4`
  throw new RocketMQError('UNSUPPORTED_BY_RUNTIME', says)
}

/** A Zstandard frame of `level` 1 to 22, made on libuv's threads. Rejects with UNSUPPORTED_BY_RUNTIME. */
export async function compressZstd(body: Uint8Array, level: number, encoder = ENCODER): Promise<Buffer> {
  const { compress, levelParameter } = checkZstdEncoder(encoder)
  return new Promise((resolve, reject) => {
    const options = { params: { [levelParameter]: level }, chunkSize: packedChunkBytes(body) }
    compress(body, options, (error, result) => (error === null ? resolve(fitted(result)) : reject(error)))
  })
}

/**
 * Inflates Zstandard frames to at most `maxBytes`: with node:zlib where it can, else with the optional peer `fzstd`.
 * @throws RocketMQError MESSAGE_UNREADABLE, or UNSUPPORTED_BY_RUNTIME where there is neither; promises reject with the same
 */
export function inflateZstd(body: Buffer, maxBytes: number, codecs: ZstdCodecs = CODECS): Buffer | Promise<Buffer> {
  const frames = inspectZstdFrames(body, maxBytes)
  return codecs.native === undefined
    ? inflateByFzstd(frames, maxBytes, codecs)
    : inflateNatively(frames.frames, maxBytes, codecs.native)
}

/** Frame by frame: node:zlib stops after the first, and takes one that is cut for whole. */
async function inflateNatively(frames: readonly Buffer[], maxBytes: number, native: NativeInflate): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for (const frame of frames) {
    const part = await inflateFrame(frame, Math.max(1, maxBytes - bytes), native)
    bytes += part.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    parts.push(part)
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, bytes)
}

function inflateFrame(frame: Buffer, maxBytes: number, native: NativeInflate): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    native(frame, { maxOutputLength: maxBytes, chunkSize: inflatedChunkBytes(frame, maxBytes) }, (error, result) => {
      if (error === null) resolve(fitted(result))
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxBytes))
      else reject(unreadable('a body marked as ZSTD cannot be inflated', error))
    })
  })
}

function inflateByFzstd({ frames, windowMoves }: ZstdFrames, maxBytes: number, codecs: ZstdCodecs): Buffer {
  if (windowMoves > MAX_WINDOW_MOVES) throw tooLarge(maxBytes)
  const { Decompress } = load(codecs)
  const chunks: Uint8Array[] = []
  let bytes = 0
  const stream = new Decompress(chunk => {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  })
  try {
    stream.push(Buffer.concat(frames), true)
  } catch (error) {
    throw RocketMQError.is(error) ? error : unreadable('a body marked as ZSTD cannot be inflated', error)
  }
  return Buffer.concat(chunks, bytes)
}

function load(codecs: ZstdCodecs): Fzstd {
  try {
    return codecs.loadFzstd()
  } catch (cause) {
    throw new RocketMQError('UNSUPPORTED_BY_RUNTIME', `this Node.js cannot inflate a ZSTD body; ${CURE}`, { cause })
  }
}
