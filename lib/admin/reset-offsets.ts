import { CALL_OPTIONS, checkedTime } from '../client/checked-options'
import { GET_CONSUMER_CONNECTION_LIST, INVOKE_BROKER_TO_RESET_OFFSET } from '../commands/group'
import {
  GET_MAX_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../commands/offset'
import { BrokerError, RocketMQError } from '../errors'
import { type MessageQueue, compareMessageQueues } from '../model/message-queue'
import { type OptionNames, checkedFlag } from '../model/option-checks'
import { MASTER_ID, type TopicRoute } from '../model/topic-route'
import { checkGroup } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import type { AdminCall } from './admin-call'
import type { BrokerTarget } from './brokers'
import { checkStoredTopic } from './checks'
import { onEachBroker } from './on-each-broker'

/** Where a group shall go on with a topic. */
export interface ResetOffsets extends CallOptions {
  /** Name of the group. */
  readonly consumerGroup: string
  /** The topic whose offsets are set. */
  readonly topic: string
  /**
   * A time, ms since 1970 or a Date: the first message stored then or later, for old brokers (4.9) the one stored nearest
   * to it; `'earliest'`: the oldest message; `'latest'`: the end.
   */
  readonly timestamp: number | Date | 'earliest' | 'latest'
  /** False moves offsets only back: queues that are behind already stay where they are. Default true. */
  readonly force?: boolean
}

/** Their names. */
export const RESET_OFFSETS: OptionNames<ResetOffsets> = {
  ...CALL_OPTIONS,
  consumerGroup: true,
  topic: true,
  timestamp: true,
  force: true,
}

/** An offset of a queue. */
export interface QueueOffset {
  /** The queue. */
  readonly queue: MessageQueue
  /** The offset that is read next. */
  readonly offset: number
}

/** Says the end of a queue where a time is asked for. */
const LATEST = -1

/** Checked. */
interface Reset {
  readonly consumerGroup: string
  readonly topic: string
  /** Ms since 1970, or `LATEST`. */
  readonly timestamp: number
  readonly force: boolean
}

/** One broker, with its queues of the topic. */
interface Place extends BrokerTarget {
  readonly queues: readonly MessageQueue[]
}

/** Sets the offsets of a group on every queue of a topic, and resolves with them. */
export async function resetOffsets(call: AdminCall, options: ResetOffsets): Promise<QueueOffset[]> {
  const reset = resetOf(options)
  const places = placesOf(await call.route(reset.topic), reset.topic)
  const what = `resetting the offsets of group ${reset.consumerGroup} on topic ${reset.topic}`
  const offsets = await onEachBroker(places, what, place => (reset.force ? resetAll : resetBack)(call, reset, place))
  return offsets.flat().sort((a, b) => compareMessageQueues(a.queue, b.queue))
}

function resetOf({ consumerGroup, topic, timestamp, ...options }: ResetOffsets): Reset {
  const force = checkedFlag('force', options.force, true)
  checkGroup(consumerGroup)
  checkStoredTopic(topic)
  if (timestamp === 'latest') return { consumerGroup, topic, timestamp: LATEST, force }
  return { consumerGroup, topic, timestamp: timestamp === 'earliest' ? 0 : checkedTime('timestamp', timestamp), force }
}

/** Offsets are the master's: each broker of the route needs one. */
function placesOf({ brokerDatas, queueDatas }: TopicRoute, topic: string): Place[] {
  return queueDatas.map(({ brokerName, readQueueNums, writeQueueNums }) => {
    const address = brokerDatas.find(data => data.brokerName === brokerName)?.brokerAddrs.get(MASTER_ID)
    if (address === undefined) {
      const says = `broker ${brokerName} has no master now: offsets of topic ${topic} cannot be reset without it`
      throw new RocketMQError('BROKER_NOT_FOUND', says, { topic, brokerName })
    }
    const length = Math.max(readQueueNums, writeQueueNums)
    return { brokerName, address, queues: Array.from({ length }, (_, queueId) => ({ topic, brokerName, queueId })) }
  })
}

async function resetAll(call: AdminCall, reset: Reset, place: Place): Promise<readonly QueueOffset[]> {
  const done = await askBroker(call, reset, place)
  if (done !== undefined) return done
  const offsets = await Promise.all(place.queues.map(queue => aimOf(call, reset, { place, queue })))
  return commitAll(call, reset, { place, offsets })
}

/** Brokers that set offsets by themselves do not look at `force`, so only the queues that move are named to them. */
async function resetBack(call: AdminCall, reset: Reset, place: Place): Promise<readonly QueueOffset[]> {
  const aims = await Promise.all(place.queues.map(queue => aimOf(call, reset, { place, queue })))
  const committed = await Promise.all(place.queues.map(queue => committedOf(call, reset, { place, queue })))
  const offsets = aims.map((aim, i) => ({ ...aim, offset: Math.min(aim.offset, committed[i] ?? aim.offset) }))
  const moving = offsets.filter(({ offset }, i) => offset !== committed[i])
  for (const one of moving) {
    const done = await askBroker(call, reset, place, one)
    if (done === undefined) await commitAll(call, reset, { place, offsets: moving })
    // Where it is the members that do it, the broker has named all queues to them at once.
    if (done === undefined || done.some(({ queue }) => queue.queueId !== one.queue.queueId)) break
  }
  return offsets
}

/**
 * The broker's own way: by default it sets the offsets from 5.2 on, and has the members of the group do it before that.
 * @param one only this queue, for brokers that set offsets by themselves
 * @returns undefined where the broker needs members and there is none
 */
async function askBroker(
  call: AdminCall,
  { consumerGroup: group, topic, timestamp, force: isForce }: Reset,
  { address, brokerName: bname }: Place,
  one?: QueueOffset,
): Promise<QueueOffset[] | undefined> {
  const which = one === undefined ? {} : { queueId: one.queue.queueId, offset: one.offset }
  try {
    const header = { group, topic, timestamp, isForce, ...which, bname }
    const reply = await call.broker(address, INVOKE_BROKER_TO_RESET_OFFSET, { header })
    if (reply.code === 'CONSUMER_NOT_ONLINE') return undefined
    return reply.body.offsetTable.map(([queue, offset]) => ({ queue, offset }))
  } catch (error) {
    // 4.9 calls a group that has not committed on each queue one that does not exist, before it looks who is online.
    if (!BrokerError.is(error, 'SYSTEM_ERROR')) throw error
    const members = await call.broker(address, GET_CONSUMER_CONNECTION_LIST, { header: { consumerGroup: group } })
    if (members.code === 'SUCCESS') throw error
    return undefined
  }
}

interface At {
  readonly place: Place
  readonly queue: MessageQueue
}

/** Where the group shall go on with a queue. */
async function aimOf(call: AdminCall, { timestamp }: Reset, { place, queue }: At): Promise<QueueOffset> {
  const header = { topic: queue.topic, queueId: queue.queueId, bname: queue.brokerName }
  const reply =
    timestamp === LATEST
      ? await call.broker(place.address, GET_MAX_OFFSET, { header })
      : await call.broker(place.address, SEARCH_OFFSET_BY_TIMESTAMP, { header: { ...header, timestamp } })
  return { queue, offset: reply.header.offset }
}

async function committedOf(
  call: AdminCall,
  { consumerGroup }: Reset,
  { place, queue }: At,
): Promise<number | undefined> {
  const { topic, queueId, brokerName: bname } = queue
  const header = { consumerGroup, topic, queueId, bname, setZeroIfNotFound: false }
  const reply = await call.broker(place.address, QUERY_CONSUMER_OFFSET, { header })
  return reply.code === 'SUCCESS' ? reply.header.offset : undefined
}

/**
 * The first commit is waited for before the others are made: brokers make the table of a group's offsets of a topic at its
 * first commit, without a lock (`ConsumerOffsetManager.commitOffset`), so that of several at once all but one may be lost.
 */
async function commitAll(
  call: AdminCall,
  { consumerGroup }: Reset,
  { place, offsets }: { place: Place; offsets: readonly QueueOffset[] },
): Promise<readonly QueueOffset[]> {
  const commit = ({ queue: { topic, queueId, brokerName: bname }, offset: commitOffset }: QueueOffset) => {
    const header = { consumerGroup, topic, queueId, commitOffset, bname }
    return call.broker(place.address, UPDATE_CONSUMER_OFFSET, { header })
  }
  const [first, ...rest] = offsets
  if (first !== undefined) await commit(first)
  await Promise.all(rest.map(commit))
  return offsets
}
