import { RocketMQError } from '../errors'
import { javaSplit, parseJavaInt, parseJavaInteger } from './java-text'

/** The levels of brokers that were not configured otherwise. */
export const DEFAULT_DELAY_LEVELS = '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The delays that a broker's delay levels stand for. */
export interface DelayLevelTable {
  readonly maxLevel: number
  /** Milliseconds by level: index 0 is level 1. */
  readonly delaysMs: readonly number[]
}

/** Reads a broker's `messageDelayLevel`, such as `1s 5s 1m`. Throws INVALID_ARGUMENT where a part is no number with a unit. */
export function parseDelayLevels(text: string): DelayLevelTable {
  const delaysMs = javaSplit(text, ' ').map(part => {
    const unit = UNIT_MS[part.slice(-1)]
    const count = parseJavaInteger(part.slice(0, -1))
    const ms = unit === undefined || count === undefined ? NaN : unit * count
    if (Number.isSafeInteger(ms)) return ms
    const cure = 'write numbers with s, m, h or d, one space between them'
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `delay level '${part}' of messageDelayLevel '${text}' cannot be read: ${cure}`,
    )
  })
  return { maxLevel: delaysMs.length, delaysMs }
}

/** Milliseconds of a level: 0 for level 0 and below, and the longest delay for levels above the highest. */
export function delayMsOf({ maxLevel, delaysMs }: DelayLevelTable, level: number): number {
  return level <= 0 ? 0 : (delaysMs[Math.min(level, maxLevel) - 1] ?? 0)
}

/** The level in a message's DELAY property, 0 where it has none. Throws INVALID_MESSAGE where it is no 32-bit integer. */
export function parseDelayTimeLevel(property: string | undefined): number {
  const level = parseJavaInt(property ?? '0')
  if (level === undefined) {
    throw new RocketMQError(
      'INVALID_MESSAGE',
      `delay level '${property}' of a message is no integer: set delayTimeLevel to 1 to 18`,
    )
  }
  return level
}
