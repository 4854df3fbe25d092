import { CALL_OPTIONS, checkedRange, checkedTime } from '../client/checked-options'
import type { RequestOf } from '../commands/command'
import { QUERY_MESSAGE, VIEW_MESSAGE_BY_ID } from '../commands/message'
import { BrokerError, RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import type { OptionNames } from '../model/option-checks'
import { needsUnwrap } from '../model/sys-flag'
import { parseAddress } from '../remoting/address'
import type { CallOptions } from '../remoting/remoting-client'
import { toSafeInteger } from '../wire/int64'
import { decodeOffsetMsgId } from '../wire/message-id'
import { openBodies } from '../wire/open-bodies'
import type { StoredMessage } from '../wire/stored-message'
import { decodeStoredMessages } from '../wire/stored-message-decoder'
import type { AdminCall } from './admin-call'
import { type BrokerTarget, clusterInfo, nameOf, readersOf } from './brokers'
import { checkStoredTopic, checkText } from './checks'
import { onEachBroker } from './on-each-broker'

/** Bounds of a query by unique key. */
export interface UniqueKeyQuery extends CallOptions {
  /** Messages stored from here on, ms since 1970 or a Date; default three days ago. */
  readonly begin?: number | Date
  /** Messages stored up to here; default no bound. */
  readonly end?: number | Date
}

/** Bounds of a query by key. */
export interface KeyQuery extends CallOptions {
  /** Most messages that are found; default 64, which is also the most that brokers look for unless configured otherwise. */
  readonly maxNum?: number
  /** Messages stored from here on, ms since 1970 or a Date; default no bound. */
  readonly begin?: number | Date
  /** Messages stored up to here; default no bound. */
  readonly end?: number | Date
}

/** Their names. */
export const UNIQUE_KEY_QUERY: OptionNames<UniqueKeyQuery> = {
  ...CALL_OPTIONS,
  begin: true,
  end: true,
}
/** Their names. */
export const KEY_QUERY: OptionNames<KeyQuery> = {
  ...UNIQUE_KEY_QUERY,
  maxNum: true,
}

const DEFAULT_MAX_NUM = 64
const MAX_NUM = 65_535
/** Brokers put their own limit in the place of this one. */
const UNIQUE_MAX_NUM = 32
const DAY_MS = 24 * 3_600_000
const UNIQUE_BEGIN_MS = 3 * DAY_MS
/** Brokers index store times by the second, rounded down. */
const INDEX_STEP_MS = 1000
/** Brokers from 5.5 are told what kind of key it is. */
const INDEX_TYPE = { KEY: 'K', UNIQUE: 'U' } as const

/** The message that an offset id names, from the broker whose address is in the id. */
export async function viewMessage(
  call: AdminCall,
  offsetMsgId: string,
  topic: string | undefined,
): Promise<MessageExt> {
  checkText('offsetMsgId', offsetMsgId)
  if (topic !== undefined) checkStoredTopic(topic)
  const { address, commitLogOffset } = decodeOffsetMsgId(offsetMsgId)
  parseAddress(address)
  const offset = toSafeInteger(commitLogOffset, `the commit-log offset in ${offsetMsgId}`)
  if (offset < 0) throw notFound(offsetMsgId, address)
  const header = topic === undefined ? { offset } : { offset, topic }
  const [brokerName, body] = await Promise.all([
    brokerNameOf(call, address),
    call.broker(address, VIEW_MESSAGE_BY_ID, { header }).then(
      reply => reply.body,
      (error: unknown) => {
        // Brokers have no code of its own for this; the same one with another remark is a real failure.
        const absent = BrokerError.is(error, 'SYSTEM_ERROR') && error.remark?.includes('can not find message') === true
        throw absent ? notFound(offsetMsgId, address, error) : error
      },
    ),
  ])
  // A broker takes whatever stands at the offset for a message.
  const [message] = decodeStoredMessages(body as Buffer, { brokerName, offsetDelta: 0 }).messages
  if (message === undefined || !isAt(message, offset)) throw notFound(offsetMsgId, address)
  await open([message])
  return message
}

/** Messages that have the key, newest first, from every broker of the topic. */
export async function queryByKey(
  call: AdminCall,
  topic: string,
  { key, maxNum = DEFAULT_MAX_NUM, begin = 0, end }: KeyQuery & { readonly key: string },
): Promise<MessageExt[]> {
  checkText('key', key)
  checkedRange('maxNum', maxNum, 1, MAX_NUM)
  const kind = { key, maxNum, indexType: INDEX_TYPE.KEY }
  const bounds = boundsOf(call, begin, end)
  const found = await query(call, topic, { kind, bounds, isMeant: message => message.keys.includes(key) })
  return found.slice(0, maxNum)
}

/** Messages that have the unique id, newest first: each retry of a send has stored its own. */
export async function queryByUniqueKey(
  call: AdminCall,
  topic: string,
  {
    msgId,
    begin = Math.max(0, call.client.clock.now() - UNIQUE_BEGIN_MS),
    end,
  }: UniqueKeyQuery & { readonly msgId: string },
): Promise<MessageExt[]> {
  checkText('msgId', msgId)
  const kind = { key: msgId, maxNum: UNIQUE_MAX_NUM, indexType: INDEX_TYPE.UNIQUE, _UNIQUE_KEY_QUERY: true }
  const bounds = boundsOf(call, begin, end)
  return query(call, topic, { kind, bounds, isMeant: message => message.msgId === msgId })
}

type QueryHeader = RequestOf<typeof QUERY_MESSAGE>['header']

interface Query {
  readonly kind: Omit<QueryHeader, 'topic' | 'beginTimestamp' | 'endTimestamp'>
  readonly bounds: Bounds
  readonly isMeant: (message: StoredMessage) => boolean
}

/** The index of a broker is one of hashes, and coarse in time: what it finds may be other messages. */
async function query(call: AdminCall, topic: string, { kind, bounds, isMeant }: Query): Promise<StoredMessage[]> {
  checkStoredTopic(topic)
  const { begin, end } = bounds
  const header = { ...kind, topic, beginTimestamp: Math.max(0, begin - INDEX_STEP_MS), endTimestamp: end }
  const targets = readersOf(await call.route(topic))
  const found = await onEachBroker(targets, `querying topic ${topic} for ${kind.key}`, target =>
    queryBroker(call, target, header),
  )
  const meant = found
    .flat()
    .filter(message => message.topic === topic && isMeant(message))
    .filter(({ storeTimestamp }) => storeTimestamp >= begin && storeTimestamp <= end)
  await open(meant)
  return meant.sort((a, b) => b.storeTimestamp - a.storeTimestamp)
}

async function queryBroker(
  call: AdminCall,
  { brokerName, address }: BrokerTarget,
  header: QueryHeader,
): Promise<StoredMessage[]> {
  const reply = await call.broker(address, QUERY_MESSAGE, { header: { ...header, bname: brokerName } })
  if (reply.code === 'QUERY_NOT_FOUND') return []
  const { messages, damage } = decodeStoredMessages(reply.body as Buffer, { brokerName, offsetDelta: 0 })
  if (damage !== undefined) throw damage
  return messages
}

/** Store times, ms since 1970, both included. */
interface Bounds {
  readonly begin: number
  readonly end: number
}

/** Brokers that index by RocksDB look at a few days only and refuse more, so an open end is one not far from now. */
function boundsOf(call: AdminCall, begin: number | Date, end: number | Date | undefined): Bounds {
  const from = checkedTime('begin', begin)
  if (end === undefined) return { begin: from, end: Math.max(from, call.client.clock.now()) + DAY_MS }
  const to = checkedTime('end', end)
  if (to >= from) return { begin: from, end: to }
  throw new RocketMQError('INVALID_ARGUMENT', `end ${to} is before begin ${from}: nothing could be found`)
}

function isAt(message: StoredMessage, offset: number): boolean {
  try {
    return message.commitLogOffset === offset
  } catch {
    // What cannot be an offset is not this one.
    return false
  }
}

/** Inflates bodies where they are. An inner batch stays the one message that it is stored as, as for Java's queries. */
async function open(messages: readonly StoredMessage[]): Promise<void> {
  await openBodies(messages.filter(({ sysFlag }) => !needsUnwrap(sysFlag)))
  for (const { unreadable } of messages) if (unreadable !== undefined) throw unreadable
}

/** Empty where no name server can tell: that must not keep the message away. */
async function brokerNameOf(call: AdminCall, address: string): Promise<string> {
  try {
    return nameOf(await clusterInfo(call), address) ?? ''
  } catch (error) {
    call.client.log.debug('no name server told the name of a broker', { address, error })
    return ''
  }
}

function notFound(offsetMsgId: string, address: string, cause?: unknown): RocketMQError {
  const says = `the broker at ${address} has no message ${offsetMsgId}: it may have been deleted, or the id is of another broker`
  return new RocketMQError('MESSAGE_NOT_FOUND', says, { address, cause })
}
