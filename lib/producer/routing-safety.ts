import { checkedMs } from '../client/checked-options'
import { RocketMQError } from '../errors'
import { type OptionNames, checkedFlag } from '../model/option-checks'
import { LATENCY_TABLES, type LatencyFaultSettings } from '../sending/broker-faults'
import type { SenderSettings } from '../sending/send-options'

/** How a producer deals with brokers that are slow or fail; names as Java's. */
export interface RoutingSafetyOptions {
  /** Answers of brokers, by code, after which `send` tries another broker, beside Java's own (`addRetryResponseCode`). */
  readonly retryResponseCodes?: readonly number[]
  /** Limit of one try of a send while another may follow, ms; default none (Java `sendMsgMaxTimeoutPerRequest`). */
  readonly sendMsgMaxTimeoutPerRequestMs?: number
  /** Avoid brokers that are slow or failed lately, where the queue is not chosen; default false. */
  readonly sendLatencyFaultEnable?: boolean
  /** With it: the table of which generation of Java's client says how long; default 5.x. */
  readonly latencyTable?: '5.x' | '4.9'
  /** With it: latencies from which on a broker is avoided, ms, rising; default those of the table. */
  readonly latencyMax?: readonly number[]
  /** With it: for how long then, ms, as many; default those of the table. */
  readonly notAvailableDuration?: readonly number[]
  /** With it: ask brokers that failed whether they can be reached, and send to no other meanwhile; default false. */
  readonly startDetectorEnable?: boolean
  /** Between two questions to a broker, ms; default 2000. */
  readonly detectIntervalMs?: number
  /** Limit of a question, ms; default 200. */
  readonly detectTimeoutMs?: number
}

/** Their names. */
export const ROUTING_SAFETY_OPTIONS: OptionNames<RoutingSafetyOptions> = {
  retryResponseCodes: true,
  sendMsgMaxTimeoutPerRequestMs: true,
  sendLatencyFaultEnable: true,
  latencyTable: true,
  latencyMax: true,
  notAvailableDuration: true,
  startDetectorEnable: true,
  detectIntervalMs: true,
  detectTimeoutMs: true,
}

const MAX_CODE = 0x7fffffff

/**
 * What options say of retries and of brokers to avoid.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function routingSafetyOf(
  options: RoutingSafetyOptions,
): Pick<SenderSettings, 'latencyFault' | 'retryResponseCodes' | 'sendMsgMaxTimeoutPerRequestMs'> {
  const { retryResponseCodes, sendMsgMaxTimeoutPerRequestMs: capMs } = options
  const latencyFault = latencyFaultOf(options)
  const avoids = checkedFlag('sendLatencyFaultEnable', options.sendLatencyFaultEnable, false)
  return {
    retryResponseCodes: retryResponseCodes === undefined ? undefined : checkedCodes(retryResponseCodes),
    sendMsgMaxTimeoutPerRequestMs: capMs === undefined ? undefined : checkedMs('sendMsgMaxTimeoutPerRequestMs', capMs),
    latencyFault: avoids ? latencyFault : undefined,
  }
}

function latencyFaultOf(options: RoutingSafetyOptions): LatencyFaultSettings {
  const table = LATENCY_TABLES[options.latencyTable ?? '5.x'] as (typeof LATENCY_TABLES)['5.x'] | undefined
  if (table === undefined) throw wrong(`latencyTable is ${String(options.latencyTable)}; it must be 5.x or 4.9`)
  const { latencyMax = table.latencyMax, notAvailableDuration = table.notAvailableDuration } = options
  checkRising('latencyMax', latencyMax)
  checkRising('notAvailableDuration', notAvailableDuration)
  if (latencyMax.length !== notAvailableDuration.length)
    throw wrong('latencyMax and notAvailableDuration must have as many entries')
  const intervalMs = checkedMs('detectIntervalMs', options.detectIntervalMs ?? 2000)
  const timeoutMs = checkedMs('detectTimeoutMs', options.detectTimeoutMs ?? 200)
  const detects = checkedFlag('startDetectorEnable', options.startDetectorEnable, false)
  const detector = detects ? { intervalMs, timeoutMs } : undefined
  return {
    latencyMax: [...latencyMax],
    notAvailableDuration: [...notAvailableDuration],
    failedTryMs: table.failedTryMs,
    detector,
  }
}

function checkRising(name: string, values: readonly number[]): void {
  const isList = Array.isArray(values) && values.length > 0
  const isRising = isList && values.every((ms, i) => Number.isFinite(ms) && ms >= (values[i - 1] ?? 0))
  if (!isRising) throw wrong(`${name} must be a list of milliseconds that rise`)
}

function checkedCodes(codes: readonly number[]): ReadonlySet<number> {
  const given: unknown = codes
  if (!Array.isArray(given) || !codes.every(code => Number.isInteger(code) && code > 0 && code <= MAX_CODE))
    throw wrong('retryResponseCodes must be a list of response codes, such as [2]')
  return new Set(codes)
}

function wrong(says: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', says)
}
