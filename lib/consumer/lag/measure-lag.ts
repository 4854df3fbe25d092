import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { SUB_ALL, buildSubscriptionData } from '../../model/subscription'
import type { CallOptions } from '../../remoting/remoting-client'
import { mapBounded } from '../../runtime/map-bounded'
import { QueuePuller } from '../pull/queue-puller'
import type { ConsumerLag, QueueLag } from './consumer-lag'

/** A queue whose lag is wanted. */
export interface LaggingQueue {
  readonly queue: MessageQueue
  /** Offset of the first message that is not done with. */
  readonly offset: number
  /** When it was stored, ms since 1970, where it is in hand. */
  readonly storedAt: number | undefined
  /** The queue's end as the last pull told it. */
  readonly lastMaxOffset: number
}

/** Who asks for it, and within which limits. */
export interface LagQuestion {
  readonly client: ClientInstance
  readonly consumerGroup: string
  readonly call: CallOptions
}

/** The beginning of what a queue has not been consumed of, and its end. */
interface Stretch {
  readonly offset: number
  readonly maxOffset: number
  readonly storedAt: number | undefined
}

/** Queues that brokers are asked about at a time. */
const QUEUES_AT_ONCE = 8
const DEFAULT_TIMEOUT_MS = 3000

/**
 * Asks the brokers where queues end, and, where the first message that is not done with is not in hand, for that message:
 * one request for each queue.
 * @throws RocketMQError what the first request that failed did so with
 */
export async function measureLag(queues: readonly LaggingQueue[], question: LagQuestion): Promise<ConsumerLag> {
  const { client, call } = question
  const endsAt = client.clock.monotonic() + (call.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const measured = await mapBounded(queues, QUEUES_AT_ONCE, lagging => {
    const timeoutMs = Math.max(1, Math.ceil(endsAt - client.clock.monotonic()))
    return measureQueue(lagging, { ...question, call: { ...call, timeoutMs } })
  })
  return {
    queues: measured,
    messages: measured.reduce((sum, { messages }) => sum + messages, 0),
    ageMs: measured.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0),
  }
}

async function measureQueue(lagging: LaggingQueue, question: LagQuestion): Promise<QueueLag> {
  const { offset, maxOffset, storedAt } =
    lagging.storedAt === undefined ? await notInHand(lagging, question) : await inHand(lagging, question)
  return {
    queue: lagging.queue,
    offset,
    maxOffset,
    messages: Math.max(0, maxOffset - offset),
    ageMs: storedAt === undefined ? 0 : Math.max(0, question.client.clock.now() - storedAt),
  }
}

async function inHand(
  { queue, offset, storedAt, lastMaxOffset }: LaggingQueue,
  question: LagQuestion,
): Promise<Stretch> {
  const { client, call } = question
  try {
    return { offset, storedAt, maxOffset: await client.offsets.maxOffset(queue, call) }
  } catch (error) {
    // Where there is no master the end is what pulls from a slave tell.
    if (!RocketMQError.is(error) || error.code !== 'BROKER_NOT_FOUND') throw error
    return { offset, storedAt, maxOffset: lastMaxOffset }
  }
}

async function notInHand({ queue, offset }: LaggingQueue, question: LagQuestion): Promise<Stretch> {
  const { movedTo, ...stretch } = await pullOne(queue, offset, question)
  // What was there before is deleted: the queue begins later now.
  return movedTo === undefined ? stretch : pullOne(queue, movedTo, question)
}

/** A pull of one message tells when it was stored, and the queue's end with it. */
async function pullOne(
  queue: MessageQueue,
  offset: number,
  question: LagQuestion,
): Promise<Stretch & { movedTo: number | undefined }> {
  const { client, consumerGroup, call } = question
  const { clock } = client
  const puller = new QueuePuller({ client, consumerGroup, queue, retryTopic: undefined, litePull: false })
  const pull = {
    offset,
    maxNums: 1,
    maxBytes: undefined,
    subscription: buildSubscriptionData(queue.topic, SUB_ALL, clock.now()),
    sendsSubscription: true,
    commitOffset: 0,
    suspendMs: 0,
    timeoutMs: call.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    signal: call.signal,
  }
  const { reply } = await puller.ask(pull)
  const { maxOffset, nextBeginOffset } = reply.header
  const isMoved = reply.code === 'PULL_OFFSET_MOVED' && nextBeginOffset > offset && nextBeginOffset < maxOffset
  const messages = reply.code === 'SUCCESS' ? (await puller.open(reply, pull)).messages : []
  const first = messages.find(({ queueOffset }) => queueOffset >= offset)
  return {
    offset: first?.queueOffset ?? offset,
    maxOffset,
    storedAt: first?.storeTimestamp,
    movedTo: isMoved ? nextBeginOffset : undefined,
  }
}
