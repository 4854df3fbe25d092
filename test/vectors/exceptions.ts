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

/** All of them. Whatever is not here must agree with the vectors. */
export const EXCEPTIONS: readonly VectorException[] = [
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
