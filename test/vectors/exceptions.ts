import { RocketMQError } from '../../lib/errors'
import { difference } from './difference'
import type { VectorCase } from './vector-file'

/** A rule of substance by which rocketwire differs from Java on purpose. */
export interface VectorException {
  readonly file: string
  readonly op: string
  readonly applies: (vector: VectorCase) => boolean
  /** What rocketwire does instead of what Java does. */
  readonly instead: string
  readonly why: string
  /** True where only vectors that are not in the fixtures need it. */
  readonly beyondFixtures?: true
  /** True where the outcome is what `instead` says; an exception excuses nothing else. */
  readonly holds: (outcome: Outcome, vector: VectorCase) => boolean
}

/** What an operation gave: `thrown` where it failed. */
export type Outcome = { readonly value: unknown; readonly thrown?: undefined } | { readonly thrown: unknown }

const INT64_FIELDS = ['queueOffset', 'commitLogOffset', 'bornTimestamp', 'storeTimestamp', 'preparedTransactionOffset']

/** All of them. Whatever is not here must agree with the vectors. */
export const EXCEPTIONS: readonly VectorException[] = [
  {
    file: 'message-decode',
    op: 'decodes',
    applies: ({ out }) => firstUnsafe(out['messages']) !== -1,
    instead: 'a message with a 64-bit field beyond 2^53-1 is unreadable',
    why: 'these fields are numbers, which would round them; no broker comes near such values',
    holds: (outcome, { out }) => {
      const expected = (out['messages'] as unknown[]).slice(0, firstUnsafe(out['messages']))
      return difference(messagesOf(outcome), expected) === undefined
    },
  },
  {
    file: 'message-decode',
    op: 'decodes',
    applies: ({ in: { bufferHex } }) => String(bufferHex).includes('daa320a7'),
    instead: 'a version 1 topic of 128 to 255 bytes is read',
    why: 'its length is one byte, which Java takes for signed and so loses the message and all after it',
    holds: (outcome, { out }) => {
      const expected = out['messages'] as unknown[]
      const messages = messagesOf(outcome)
      const { topic } = (messages[expected.length] ?? {}) as { topic?: string }
      return (
        difference(messages.slice(0, expected.length), expected) === undefined && Buffer.byteLength(topic ?? '') > 127
      )
    },
  },
  {
    file: 'acl-signature',
    op: 'calSignatureAlg',
    applies: ({ in: { algorithm } }) => algorithm !== 'HmacSHA1',
    instead: 'nothing is signed with an algorithm other than HmacSHA1',
    why: "Java's hook uses no other, and servers check no other",
    holds: ({ thrown }) => RocketMQError.is(thrown) && thrown.code === 'INVALID_ARGUMENT',
  },
  ...['decodeOffsetMsgId', 'string2bytes'].map(op => ({
    file: 'message-ids',
    op,
    applies: ({ in: { msgId, string } }: VectorCase) => !/^(?:[\da-f]{2})+$/i.test(String(msgId ?? string)),
    instead: 'text that is not hexadecimal is refused',
    why: 'Java makes bytes of it that nobody meant, such as another host',
    holds: ({ thrown }: Outcome) => RocketMQError.is(thrown) && thrown.code === 'INVALID_ARGUMENT',
  })),
  ...['buildExtraInfo', 'offsetInfos'].map(op => ({
    file: 'pop-extra-info',
    op,
    applies: ({ in: input }: VectorCase) => /"(?:90071992547409\d\d|9223372036854775807)"/.test(JSON.stringify(input)),
    instead: 'an offset beyond 2^53-1 in a receipt handle is refused',
    why: 'offsets are numbers, which would round it; no broker comes near such values',
    holds: ({ thrown }: Outcome) => RocketMQError.is(thrown) && thrown.code === 'UNSAFE_INTEGER',
  })),
  {
    file: 'validators',
    op: 'putUserProperty',
    applies: ({ in: { name, value } }) => /[\u0001\u0002]/.test(`${String(name)}${String(value)}`),
    instead: 'a property whose name or value holds \\u0001 or \\u0002 is refused',
    why: 'the broker cuts properties at these characters, so what Java lets pass arrives as something else',
    beyondFixtures: true,
    holds: ({ thrown }) => RocketMQError.is(thrown) && thrown.code === 'INVALID_MESSAGE',
  },
  {
    file: 'validators',
    op: 'setDelayTimeSec',
    applies: () => true,
    instead: 'a delay in seconds goes out as TIMER_DELAY_MS',
    why: 'a message has one field for a relative delay, in milliseconds; brokers treat both properties alike',
    holds: (outcome, { in: { sec } }) => {
      const properties = { TIMER_DELAY_MS: String(Number(sec) * 1000), WAIT: 'true' }
      return difference((outcome as { value: unknown }).value, { properties }) === undefined
    },
  },
]

/** The first message with a 64-bit field, which the vectors write as text, that a number cannot hold. */
function firstUnsafe(messages: unknown): number {
  return (messages as Record<string, unknown>[]).findIndex(message =>
    INT64_FIELDS.some(name => /^-?\d+$/.test(String(message[name])) && !Number.isSafeInteger(Number(message[name]))),
  )
}

function messagesOf(outcome: Outcome): unknown[] {
  const { messages } = (outcome as { value: { messages?: unknown[] } }).value
  return messages ?? []
}
