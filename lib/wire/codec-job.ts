import { type ErrorCode, RocketMQError, asError } from '../errors'
import { decodeLz4Frames } from './lz4-frame'
import { encodeLz4Frame } from './lz4-frame-encoder'
import { inflateZstd } from './zstd'

/** Work of a codec that is written in JavaScript, and so takes the time of the thread that does it. */
export interface CodecJob {
  readonly kind: 'LZ4_COMPRESS' | 'LZ4_INFLATE' | 'ZSTD_INFLATE'
  readonly body: Uint8Array
  /** Most that an inflated body may have. */
  readonly maxBytes: number
}

/** What a thread tells of a job. */
export type CodecAnswer = { readonly body: Uint8Array } | { readonly code: ErrorCode; readonly message: string }

/**
 * Does the job in this thread.
 * @throws RocketMQError MESSAGE_UNREADABLE, UNSUPPORTED_BY_RUNTIME; promises reject with the same
 */
export function runCodecJob({ kind, body, maxBytes }: CodecJob): Buffer | Promise<Buffer> {
  const bytes = asBuffer(body)
  switch (kind) {
    case 'LZ4_COMPRESS':
      return encodeLz4Frame(bytes)
    case 'LZ4_INFLATE':
      return decodeLz4Frames(bytes, maxBytes)
    case 'ZSTD_INFLATE':
      return inflateZstd(bytes, maxBytes)
  }
}

/** Does the job, and puts its outcome into a form that can be sent to another thread. */
export async function answerCodecJob(job: CodecJob): Promise<CodecAnswer> {
  try {
    return { body: await runCodecJob(job) }
  } catch (thrown) {
    const error = asError(thrown)
    return { code: RocketMQError.is(error) ? error.code : 'MESSAGE_UNREADABLE', message: error.message }
  }
}

/** @throws RocketMQError what the job failed with */
export function bodyOfAnswer(answer: CodecAnswer): Buffer {
  if ('body' in answer) return asBuffer(answer.body)
  throw new RocketMQError(answer.code, answer.message)
}

function asBuffer(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}
