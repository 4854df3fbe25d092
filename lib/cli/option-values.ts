import { InvalidArgumentError } from 'commander'
import type { PushConsumerOptions } from '../consumer/push/push-consumer-options'

const MAX_INT = 0x7fffffff

/** Reads a whole number within bounds. */
export function wholeNumber(least: number, most = MAX_INT): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(
      `Give a whole number ${most === MAX_INT ? `from ${least} up` : `from ${least} to ${most}`}.`,
    )
  }
}

/** Reads text that is not blank. */
export function someText(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It is blank.')
}

/** Gathers the values of an option that may be given several times. */
export function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, someText(value)]
}

/** Gathers `name=value`. */
export function property(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const cut = text.indexOf('=')
  if (cut < 1 || cut === text.length - 1) throw new InvalidArgumentError('Give name=value.')
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) }
}

/** Gathers `name` or `name:queues`. */
export function topicQueues(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const match = /^([^:]+)(?::(\d{1,5}))?$/.exec(text)
  const queues = Number(match?.[2] ?? DEFAULT_QUEUES)
  if (match?.[1] === undefined || queues < 1 || queues > MAX_QUEUES)
    throw new InvalidArgumentError(`Give NAME or NAME:QUEUES, such as Orders:8, with 1 to ${MAX_QUEUES} queues.`)
  return { ...before, [match[1]]: queues }
}

const DEFAULT_QUEUES = 8
const MAX_QUEUES = 65_535

/** Where a group begins that has no progress. */
export type StartPoint = Pick<PushConsumerOptions, 'consumeFromWhere' | 'consumeTimestamp'>

/** Reads `first`, `last` or a time: ISO 8601, milliseconds since 1970, or Java's yyyyMMddHHmmss in local time. */
export function startPoint(text: string): StartPoint {
  if (text === 'first') return { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }
  if (text === 'last') return { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' }
  const consumeTimestamp = timeOf(text)
  if (Number.isNaN(consumeTimestamp)) {
    throw new InvalidArgumentError('Give first, last or a time, such as 2026-01-31T08:00:00Z.')
  }
  return { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP', consumeTimestamp }
}

/** NaN where it is no time. Left to itself, Date.parse takes a bare 5 for a month. */
function timeOf(text: string): number | string {
  if (/^\d{14}$/.test(text)) return text
  if (/^\d{12,13}$/.test(text)) return Number(text)
  return /^\d{4}-\d\d/.test(text) ? Date.parse(text) : NaN
}
