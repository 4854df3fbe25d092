import Long from 'long'
import { crc32 } from '../../../lib/wire/crc32'
import { hostBytes, ipBytes } from '../../../lib/wire/host-address'
import { writeLong } from '../../../lib/wire/int64'
import { bytesToHex, createOffsetMsgId, decodeOffsetMsgId, hexToBytes } from '../../../lib/wire/message-id'
import { parseUniqueId, uniqueIdTime } from '../../../lib/wire/unique-id'
import { javaIp } from '../plain-message'
import { monthStartIn } from '../zone'

export const ops = {
  createOffsetMsgId: (input: Record<string, unknown>) => {
    const ip = String(input['ip'])
    const offset = Buffer.alloc(8)
    writeLong(offset, Long.fromString(String(input['offset'])), 0)
    const host = hostBytes(ip.includes(':') ? `[${ip}]:${String(input['port'])}` : `${ip}:${String(input['port'])}`)
    return { msgId: createOffsetMsgId(host, offset) }
  },

  decodeOffsetMsgId: (input: Record<string, unknown>) => {
    const { host, port, commitLogOffset } = decodeOffsetMsgId(String(input['msgId']))
    return { ip: javaIp(host), port, offset: commitLogOffset.toString() }
  },

  parseUniqId: (input: Record<string, unknown>) => {
    const { ip, pid, spanMs, counter } = parseUniqueId(String(input['uniqId']))
    const bytes = ipBytes(ip).toString('hex')
    // Java shows the IPv6 address of a unique id, unlike that of a host, in groups of four digits.
    const groups = bytes.match(/.{4}/g)?.join(':')
    return { ip: bytes.length === 8 ? ip : groups, ipHex: bytes, pid, spanMs: String(spanMs), counter }
  },

  nearlyTime: (input: Record<string, unknown>) => ({
    timeMs: String(uniqueIdTime(String(input['uniqId']), Number(input['nowMs']), monthStartIn(String(input['zone'])))),
  }),

  bytes2string: (input: Record<string, unknown>) => ({ string: bytesToHex(Buffer.from(String(input['hex']), 'hex')) }),

  string2bytes: (input: Record<string, unknown>) => ({ hex: hexToBytes(String(input['string'])).toString('hex') }),

  crc32: (input: Record<string, unknown>) => ({ crc: crc32(Buffer.from(String(input['hex']), 'hex')) }),
}

export const fields = {
  createOffsetMsgId: { in: ['ip', 'port', 'offset'], out: ['msgId'] },
  decodeOffsetMsgId: { in: ['msgId'], out: ['ip', 'port', 'offset'] },
  parseUniqId: { in: ['uniqId'], out: ['ip', 'ipHex', 'pid', 'spanMs', 'counter'] },
  nearlyTime: { in: ['uniqId', 'nowMs', 'zone'], out: ['timeMs'] },
  bytes2string: { in: ['hex'], out: ['string'] },
  string2bytes: { in: ['string'], out: ['hex'] },
  crc32: { in: ['hex'], out: ['crc'] },
}
