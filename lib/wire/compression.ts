import { deflate as deflateZlib, inflate as inflateZlib } from 'node:zlib'
import type { CompressionType } from '../model/sys-flag'
import { decodeLz4Frames } from './lz4-frame'
import { tooLarge, unreadable } from './unreadable'
import { inflateZstd } from './zstd'

/** A body as ZLIB, at `level` 0 to 9; Java's default is 5. Runs on libuv's threads. */
export function compress(body: Uint8Array, level: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflateZlib(body, { level }, (error, result) => (error === null ? resolve(result) : reject(error)))
  })
}

/**
 * Inflates a body to at most `maxBytes`.
 * @throws RocketMQError MESSAGE_UNREADABLE where it is damaged or too large, UNSUPPORTED_BY_RUNTIME where the codec is
 * missing; promises reject with the same
 */
export function inflate(type: CompressionType, body: Buffer, maxBytes: number): Buffer | Promise<Buffer> {
  switch (type) {
    case 'ZLIB':
      return inflateByZlib(body, maxBytes)
    case 'LZ4':
      return decodeLz4Frames(body, maxBytes)
    case 'ZSTD':
      return inflateZstd(body, maxBytes)
  }
}

function inflateByZlib(body: Buffer, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    inflateZlib(body, { maxOutputLength: maxBytes }, (error, result) => {
      if (error === null) resolve(result)
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxBytes))
      else reject(unreadable('a body marked as ZLIB cannot be inflated', error))
    })
  })
}
