import { parseJavaInteger } from '../model/java-text'
import { PROPERTY } from '../model/property-names'
import { refusal } from './refusal'

const PRECISION_MS = 1000
/** The farthest that a timer may be ahead. */
export const MAX_TIMER_DELAY_MS = 3 * 24 * 3_600_000

/**
 * The second, ms since 1970 UTC, in which a timer message falls due, noted in its properties too; undefined where it is
 * none or due already. A delay level makes the broker forget the timer.
 * @throws BrokerError MESSAGE_ILLEGAL where the time is no number or more than 3 days ahead
 */
export function timerOutAt(properties: Record<string, string>, now: number): number | undefined {
  if (Number(properties[PROPERTY.DELAY] ?? 0) > 0) {
    delete properties[PROPERTY.TIMER_DELIVER_MS]
    delete properties[PROPERTY.TIMER_DELAY_SEC]
    delete properties[PROPERTY.TIMER_DELAY_MS]
    return undefined
  }
  if (properties[PROPERTY.TIMER_OUT_MS] !== undefined) return undefined
  const deliverAt = deliverTime(properties, now)
  if (deliverAt === undefined) return undefined
  if (deliverAt <= now) {
    if (properties[PROPERTY.TIMER_DEL_UNIQKEY] === undefined) return undefined
    throw illegalTimer()
  }
  if (deliverAt - now > MAX_TIMER_DELAY_MS) throw illegalTimer()
  const outAt = Math.ceil(deliverAt / PRECISION_MS) * PRECISION_MS - PRECISION_MS
  properties[PROPERTY.TIMER_OUT_MS] = String(outAt)
  return outAt
}

function deliverTime(properties: Record<string, string>, now: number): number | undefined {
  const seconds = properties[PROPERTY.TIMER_DELAY_SEC]
  if (seconds !== undefined) return now + integerOf(seconds) * 1000
  const ms = properties[PROPERTY.TIMER_DELAY_MS]
  if (ms !== undefined) return now + integerOf(ms)
  const at = properties[PROPERTY.TIMER_DELIVER_MS]
  return at === undefined ? undefined : integerOf(at)
}

function integerOf(text: string): number {
  const value = parseJavaInteger(text)
  if (value === undefined) throw illegalTimer()
  return value
}

function illegalTimer(): Error {
  return refusal(
    'MESSAGE_ILLEGAL',
    `timer message illegal, the delay time should not be bigger than the max delay ${MAX_TIMER_DELAY_MS}ms; or if set del msg, the delay time should be bigger than the current time`,
  )
}
