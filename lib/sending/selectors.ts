import { RocketMQError } from '../errors'
import { javaHashOf } from '../model/java-hash'
import { machineRoomOf } from '../model/machine-room'
import type { Message } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import { randomBelow } from '../runtime/random'

/**
 * Chooses the queue of a message. `queues` is never empty and is sorted by broker name and queue id, so the same choice
 * means the same queue while the topic does not change; `arg` is what the caller of `send` gave.
 */
export type MessageQueueSelector = (queues: readonly MessageQueue[], message: Message, arg: unknown) => MessageQueue

/** The queue that Java's `SelectMessageQueueByHash` chooses for the same argument. Throws INVALID_ARGUMENT for null and objects. */
export const selectByHash: MessageQueueSelector = (queues, message, arg) => {
  const index = Math.abs(javaHashOf(arg) % queues.length)
  return queues[index] ?? noQueue(message)
}

/** Any queue, each as likely as the others. */
export const selectByRandom: MessageQueueSelector = (queues, message) =>
  queues[randomBelow(queues.length)] ?? noQueue(message)

/** Any queue of the brokers that are named `room@broker` with one of these rooms. Throws NO_WRITABLE_QUEUE where there is none. */
export function selectByMachineRoom(rooms: Iterable<string>): MessageQueueSelector {
  const wanted: ReadonlySet<string | undefined> = new Set(rooms)
  return (queues, message, arg) => {
    const near = queues.filter(({ brokerName }) => wanted.has(machineRoomOf(brokerName)))
    return near.length === 0
      ? noQueue(message, ` in the rooms ${[...wanted].join(', ')}`)
      : selectByRandom(near, message, arg)
  }
}

function noQueue({ topic }: Message, where = ''): never {
  throw new RocketMQError('NO_WRITABLE_QUEUE', `topic ${topic} has no queue to choose from${where}`, { topic })
}
