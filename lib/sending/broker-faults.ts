/** From which latency of a try on a broker is avoided, and for how long; both rise, and belong together one by one. */
export interface LatencyTable {
  /** Milliseconds (Java `latencyMax`). */
  readonly latencyMax: readonly number[]
  /** Milliseconds (Java `notAvailableDuration`). */
  readonly notAvailableDuration: readonly number[]
  /** What a try that failed counts as, ms. */
  readonly failedTryMs: number
}

/** The tables of both generations of Java's client (`MQFaultStrategy`). */
export const LATENCY_TABLES: Readonly<Record<'5.x' | '4.9', LatencyTable>> = {
  '5.x': {
    latencyMax: [50, 100, 550, 1800, 3000, 5000, 15_000],
    notAvailableDuration: [0, 0, 2000, 5000, 6000, 10_000, 30_000],
    failedTryMs: 10_000,
  },
  '4.9': {
    latencyMax: [50, 100, 550, 1000, 2000, 3000, 15_000],
    notAvailableDuration: [0, 0, 30_000, 60_000, 120_000, 180_000, 600_000],
    failedTryMs: 30_000,
  },
}

/** How brokers are judged by the tries that were made on them. */
export interface LatencyFaultSettings extends LatencyTable {
  /** Set where brokers that failed are asked whether they can be reached. */
  readonly detector: { readonly intervalMs: number; readonly timeoutMs: number } | undefined
}

/** How a try ended: with an answer, with a refusal that speaks against the broker, or without any. */
export type TryOutcome = 'ANSWERED' | 'REFUSED' | 'FAILED'

/** One try on a broker. */
export interface BrokerTry {
  readonly topic: string
  readonly latencyMs: number
  readonly outcome: TryOutcome
  /** Monotonic time, ms. */
  readonly now: number
}

/** A broker that sends avoid, where others will do. */
export interface AvoidedBroker {
  /** Its name, as routes tell it. */
  readonly brokerName: string
  /** For how long still, ms; 0 where it is avoided only as long as it cannot be reached. */
  readonly forMs: number
  /** False where it has not answered, or refused a send for a reason of its own, and has answered nothing since. */
  readonly reachable: boolean
}

interface Fault {
  /** A topic that was sent to it, to ask it about. */
  topic: string
  availableAt: number
  isReachable: boolean
  detectAt: number
}

/** Which brokers are slow or failed lately (Java `LatencyFaultTolerance`); those that did well are not remembered. */
export class BrokerFaults {
  readonly #settings: LatencyFaultSettings
  readonly #faults = new Map<string, Fault>()

  constructor(settings: LatencyFaultSettings) {
    this.#settings = settings
  }

  /** A time of avoidance only ever gets longer; an answer tells that the broker can be reached. */
  record(brokerName: string, { topic, latencyMs, outcome, now }: BrokerTry): void {
    const { failedTryMs, detector } = this.#settings
    const known = this.#faults.get(brokerName)
    const durationMs = this.#durationOf(outcome === 'ANSWERED' ? latencyMs : failedTryMs)
    if (known === undefined && durationMs === 0 && outcome === 'ANSWERED') return
    const fault = known ?? { topic, availableAt: now, isReachable: true, detectAt: now }
    fault.topic = topic
    fault.availableAt = Math.max(fault.availableAt, now + durationMs)
    // Without a detector nobody would find out that it can be reached again.
    fault.isReachable = outcome === 'ANSWERED' || (outcome === 'FAILED' && detector === undefined)
    if (fault.isReachable && fault.availableAt <= now) this.#faults.delete(brokerName)
    else this.#faults.set(brokerName, fault)
  }

  isAvailable(brokerName: string, now: number): boolean {
    const fault = this.#faults.get(brokerName)
    return fault === undefined || fault.availableAt <= now
  }

  isReachable(brokerName: string): boolean {
    return this.#faults.get(brokerName)?.isReachable ?? true
  }

  /** All that are avoided now. */
  avoided(now: number): AvoidedBroker[] {
    const all = Array.from(this.#faults, ([brokerName, { availableAt, isReachable: reachable }]) => {
      return { brokerName, forMs: Math.max(0, availableAt - now), reachable }
    })
    return all.filter(({ forMs, reachable }) => forMs > 0 || !reachable)
  }

  /** Brokers to be asked now, with a topic that they should know; each is asked again after the interval. */
  takeDue(now: number): (readonly [brokerName: string, topic: string])[] {
    const intervalMs = this.#settings.detector?.intervalMs ?? 0
    const due = Array.from(this.#faults).filter(([, fault]) => fault.detectAt <= now)
    for (const [, fault] of due) fault.detectAt = now + intervalMs
    return due.map(([brokerName, { topic }]) => [brokerName, topic])
  }

  /** It has answered a question; whether it is slow is another one. */
  reached(brokerName: string): void {
    const fault = this.#faults.get(brokerName)
    if (fault !== undefined) fault.isReachable = true
  }

  /** No route names it any more. */
  forget(brokerName: string): void {
    this.#faults.delete(brokerName)
  }

  #durationOf(latencyMs: number): number {
    const { latencyMax, notAvailableDuration } = this.#settings
    for (let i = latencyMax.length - 1; i >= 0; i--) {
      if (latencyMs >= (latencyMax[i] as number)) return notAvailableDuration[i] as number
    }
    return 0
  }
}
