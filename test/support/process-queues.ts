import { ProcessQueue, type ProcessQueueLimits } from '../../lib/consumer/push/process-queue'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { storedMessage } from './records'

const LIMITS: ProcessQueueLimits = { maxMessages: 1000, maxBytes: 1e9, maxSpan: undefined }

/** A process queue with messages at offsets from 0 up; their bodies are `queue/offset`. */
export function queueOf(queueId: number, messages: number): ProcessQueue {
  const queue = new ProcessQueue({ topic: 'Orders', brokerName: 'broker-a', queueId }, 0, LIMITS)
  fill(queue, messages)
  return queue
}

/** Puts more messages into a queue. */
export function fill(queue: ProcessQueue, messages: number): StoredMessage[] {
  const from = queue.nextBeginOffset
  const { queueId } = queue.queue
  const added = Array.from({ length: messages }, (_, i) =>
    storedMessage({ queueId, queueOffset: from + i, body: Buffer.from(`${queueId}/${from + i}`) }),
  )
  queue.put(added, from + messages)
  return added
}
