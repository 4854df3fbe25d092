/** One queue of a topic on one broker. */
export interface MessageQueue {
  /** The topic that it is of. */
  readonly topic: string
  /** Name of the broker that has it. */
  readonly brokerName: string
  /** Its number on that broker, 0 and up. */
  readonly queueId: number
}

/** A text that is equal for equal queues and different for others. */
export function messageQueueKey(queue: MessageQueue): string {
  return `${queue.topic}\u0000${queue.brokerName}\u0000${queue.queueId}`
}

/** True for two of the same topic, broker and number. */
export function sameMessageQueue(a: MessageQueue, b: MessageQueue): boolean {
  return a.queueId === b.queueId && a.brokerName === b.brokerName && a.topic === b.topic
}

/** Java's order of queues: topic, broker name, queue id. Every member of a group must sort alike, so no locale takes part. */
export function compareMessageQueues(a: MessageQueue, b: MessageQueue): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  if (a.brokerName !== b.brokerName) return a.brokerName < b.brokerName ? -1 : 1
  return a.queueId - b.queueId
}

/** Java's `MessageQueue.toString()`, which consistent hashing hashes. */
export function messageQueueText(queue: MessageQueue): string {
  return `MessageQueue [topic=${queue.topic}, brokerName=${queue.brokerName}, queueId=${queue.queueId}]`
}
