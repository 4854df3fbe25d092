import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ, type LockBatch } from '../../lib/commands/client'
import { UPDATE_CONSUMER_OFFSET } from '../../lib/commands/offset'
import { BrokerOffsetStore } from '../../lib/consumer/offsets/broker-offset-store'
import { Assignments, type AssignmentsOptions } from '../../lib/consumer/push/assignments'
import type { ProcessQueue, ProcessQueueEntry } from '../../lib/consumer/push/process-queue'
import { PullThresholds } from '../../lib/consumer/push/pull-thresholds'
import { resolvePushConsumerOptions } from '../../lib/consumer/push/push-consumer-options'
import { QueueLocks } from '../../lib/consumer/push/queue-locks'
import type { RocketMQError } from '../../lib/errors'
import type { MessageQueue } from '../../lib/model/message-queue'
import { FakeClient } from './fake-client'
import { fill } from './process-queues'

export const queue = (queueId: number, topic = 'T'): MessageQueue => ({ topic, brokerName: 'a', queueId })

/** Assignments of a topic of eight queues, whose loops only note that they are started and stopped. */
export async function assignmentsSetup({
  orderly = false,
  ...options
}: Partial<AssignmentsOptions> & { orderly?: boolean } = {}) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 8 })
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  client.on(LOCK_BATCH_MQ, ({ body }) => ({ code: 'SUCCESS', body: { lockOKMQSet: (body as LockBatch).mqSet } }))
  client.on(UNLOCK_BATCH_MQ, () => ({ code: 'SUCCESS' }))
  const loops: string[] = []
  const errors: RocketMQError[] = []
  const offsetStore = new BrokerOffsetStore('g', client.offsets)
  const locks = orderly ? new QueueLocks(client.asClient, 'g') : undefined
  const assignments = new Assignments({
    client: client.asClient,
    offsetStore,
    persist: (queues, how) => (options.offsetStore ?? offsetStore).persist(queues, how),
    locks,
    limits: new PullThresholds(resolvePushConsumerOptions({ consumerGroup: 'g', pullThresholdForTopic: 8 }), 1000),
    startOffset: async () => 50,
    createPullLoop: processQueue => {
      const note = (what: string): unknown =>
        loops.push(`${what} ${processQueue.queue.topic}/${processQueue.queue.queueId}`)
      const idle = { maxOffset: 0, lastPulledAt: undefined, idleMs: 0, doing: 'nothing' }
      return { start: () => void note('start'), stop: async () => void note('stop'), ...idle }
    },
    onBackgroundError: error => errors.push(error),
    ...options,
  })
  const commits = (): unknown[] =>
    client
      .sent(UPDATE_CONSUMER_OFFSET)
      .map(({ header, oneway }) => [header['queueId'], header['commitOffset'], !oneway])
  return { client, loops, errors, offsetStore, locks, assignments, commits }
}

/** The process queue of a queue that is ours, with a message that a listener has. */
export function withListener(
  assignments: Assignments,
  of = queue(0),
): { processQueue: ProcessQueue; taken: ProcessQueueEntry[] } {
  const { processQueue } = assignments.get(of) as { processQueue: ProcessQueue }
  fill(processQueue, 2)
  return { processQueue, taken: processQueue.take(1, 0) }
}
