import type Long from 'long'
import { RocketMQError } from '../errors'
import { hostText, ipText, V4_HOST_BYTES, V6_HOST_BYTES } from './host-address'
import { readLong } from './int64'

const OFFSET_BYTES = 8
const MAX_PORT = 65_535

/** What an offset id says: where the message is stored. */
export interface OffsetMsgId {
  /** IP address without brackets. */
  readonly host: string
  readonly port: number
  /** `host:port`, with brackets around IPv6. */
  readonly address: string
  readonly commitLogOffset: Long
}

/** The broker's id of a stored message: address (4 or 16 bytes), port (4) and commit-log offset (8) as upper-case hex. */
export function createOffsetMsgId(host: Buffer, commitLogOffset: Buffer): string {
  return bytesToHex(host) + bytesToHex(commitLogOffset)
}

/**
 * Reads an offset id.
 * @throws RocketMQError INVALID_ARGUMENT where it is none, which also tells most unique ids apart
 */
export function decodeOffsetMsgId(id: string): OffsetMsgId {
  const bytes = hexToBytes(id)
  const hostBytes = bytes.length - OFFSET_BYTES
  if (hostBytes !== V4_HOST_BYTES && hostBytes !== V6_HOST_BYTES) {
    throw new RocketMQError('INVALID_ARGUMENT', `an offset message id has 32 or 56 hex digits, not ${id.length}`)
  }
  const port = bytes.readUInt32BE(hostBytes - 4)
  if (port > MAX_PORT) {
    throw new RocketMQError('INVALID_ARGUMENT', `${id} is no offset message id: it would name the port ${port}`)
  }
  return {
    host: ipText(bytes, 0, hostBytes - 4),
    port,
    address: hostText(bytes, 0, hostBytes),
    commitLogOffset: readLong(bytes, hostBytes),
  }
}

/** Upper-case hexadecimal text, in which RocketMQ writes all ids. */
export function bytesToHex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase()
}

/**
 * Reads hexadecimal text of either case.
 * @throws RocketMQError INVALID_ARGUMENT for anything else
 */
export function hexToBytes(text: string): Buffer {
  if (!/^(?:[\da-f]{2})+$/i.test(text)) {
    throw new RocketMQError('INVALID_ARGUMENT', `${JSON.stringify(text.slice(0, 80))} is not hexadecimal text`)
  }
  return Buffer.from(text, 'hex')
}
