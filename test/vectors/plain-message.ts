import { createHash } from 'node:crypto'
import { PROPERTY } from '../../lib/model/property-names'
import { openBodies } from '../../lib/wire/open-bodies'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { decodeStoredMessages } from '../../lib/wire/stored-message-decoder'

const LONGEST_HEX_BODY = 512
const CONTEXT = { brokerName: 'broker-a', offsetDelta: 0 }

/** The messages of a pull reply's body, opened, up to the first that cannot be read: there Java's list ends. */
export async function readableMessages(source: Buffer): Promise<StoredMessage[]> {
  const messages = await openBodies(closedMessages(source))
  const unreadable = messages.findIndex(message => message.unreadable !== undefined)
  return unreadable === -1 ? messages : messages.slice(0, unreadable)
}

/** The messages of a pull reply's body as they are stored. */
export function closedMessages(source: Buffer): StoredMessage[] {
  return decodeStoredMessages(source, CONTEXT).messages
}

/** A message as the vectors show it. */
export function plainMessage(message: StoredMessage): Record<string, unknown> {
  return {
    topic: message.topic,
    flag: message.flag,
    queueId: message.queueId,
    storeSize: message.storeSize,
    queueOffset: String(message.queueOffset),
    sysFlag: message.sysFlag,
    bornTimestamp: String(message.bornTimestamp),
    bornHost: javaHost(message.bornHost),
    storeTimestamp: String(message.storeTimestamp),
    storeHost: javaHost(message.storeHost),
    msgId: message.msgId,
    offsetMsgId: message.offsetMsgId,
    commitLogOffset: String(message.commitLogOffset),
    bodyCRC: message.bodyCRC,
    reconsumeTimes: message.reconsumeTimes,
    preparedTransactionOffset: String(message.preparedTransactionOffset),
    body: plainBody(message.body),
    properties: { ...message.properties },
    tags: message.tags ?? null,
    keys: message.property(PROPERTY.KEYS) ?? null,
    delayTimeLevel: message.delayTimeLevel,
    waitStoreMsgOK: (message.property(PROPERTY.WAIT) ?? 'true').toLowerCase() === 'true',
  }
}

/** `ip|port`, with IPv6 as eight groups. */
export function javaHost(address: string): string {
  const colon = address.lastIndexOf(':')
  return `${javaIp(address.slice(0, colon).replace(/^\[|\]$/g, ''))}|${address.slice(colon + 1)}`
}

/** Java writes IPv6 addresses without the short form for zeros. */
export function javaIp(ip: string): string {
  const [before = '', after] = ip.split('::')
  if (after === undefined) return ip
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const zeros = new Array<string>(8 - groups(before).length - groups(after).length).fill('0')
  return [...groups(before), ...zeros, ...groups(after)].join(':')
}

function plainBody(body: Buffer): unknown {
  if (body.length === 0) return null
  if (body.length <= LONGEST_HEX_BODY) return { length: body.length, hex: body.toString('hex') }
  return { length: body.length, sha256: createHash('sha256').update(body).digest('hex') }
}
