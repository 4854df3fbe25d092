import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import type { Producer } from '../producer/producer'
import type { SendOptions } from '../sending/send-options'

/** Messages of one batch of `--mode batch`. */
export const BATCH = 32
/** Sends that wait for their answer at a time, without a sharding key. */
export const DEFAULT_CONCURRENCY = 16

/** One call of a producer: a batch takes all the messages, the other modes the one that is given. */
type Send = (producer: Producer, messages: readonly Message[], options: SendOptions) => Promise<SendResult | undefined>

/** The ways to send, by the names of `--mode`. */
export const SEND_MODES = {
  send: (producer, messages, options) => producer.send(only(messages), options),
  async: (producer, messages, options) =>
    new Promise((resolve, reject) => {
      producer.sendAsync(only(messages), options, (error, result) => (error ? reject(error) : resolve(result)))
    }),
  oneway: async (producer, messages, options) => {
    await producer.sendOneway(only(messages), options)
    return undefined
  },
  batch: (producer, messages, options) => producer.send(messages, options),
} as const satisfies Record<string, Send>

/** A value of `--mode`. */
export type SendMode = keyof typeof SEND_MODES

function only(messages: readonly Message[]): Message {
  return messages[0] as Message
}
