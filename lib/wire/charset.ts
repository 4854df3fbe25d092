import iconv from 'iconv-lite'
import { RocketMQError } from '../errors'

/** Text of bytes in `encoding`, any name iconv-lite knows. @throws RocketMQError INVALID_ARGUMENT for an unknown one */
export function decodeText(bytes: Uint8Array, encoding = 'utf8'): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(encoding) ? buffer.toString() : iconv.decode(buffer, known(encoding))
}

/** Bytes of a text in `encoding`, any name iconv-lite knows. @throws RocketMQError INVALID_ARGUMENT for an unknown one */
export function encodeText(text: string, encoding = 'utf8'): Buffer {
  return isUtf8(encoding) ? Buffer.from(text) : iconv.encode(text, known(encoding))
}

function isUtf8(encoding: string): boolean {
  return encoding === 'utf8' || encoding === 'utf-8' || encoding === 'UTF-8'
}

function known(encoding: string): string {
  if (iconv.encodingExists(encoding)) return encoding
  throw new RocketMQError('INVALID_ARGUMENT', `the encoding ${JSON.stringify(encoding)} is not known`)
}
