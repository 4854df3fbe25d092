import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { CallOptions } from '../../remoting/remoting-client'
import { asTyped } from '../as-typed'
import type { ConsumerLag } from './consumer-lag'
import { type LagAlarm, LagAlarms } from './lag-alarms'
import type { CheckedLagThresholds } from './lag-thresholds'
import { type LaggingQueue, measureLag } from './measure-lag'
import { poppedQueues } from './popped-queues'

export interface LagWatchOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  /** Undefined where nothing is to be told by itself. */
  readonly thresholds: CheckedLagThresholds | undefined
  /** The queues that are ours at present. */
  readonly queues: () => readonly LaggingQueue[]
  /** The places that are popped at present; their queues are everybody's. */
  readonly popped?: () => readonly MessageQueue[]
  readonly onLag: (alarm: LagAlarm) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Limit of a look that nobody waits for. */
const LOOK_MS = 10_000

/** Tells how far behind a consumer is: when asked, and, where there are thresholds, by itself. */
export class LagWatch {
  readonly #options: LagWatchOptions
  readonly #stop = new AbortController()
  readonly #alarms: LagAlarms | undefined

  constructor(options: LagWatchOptions) {
    this.#options = options
    this.#alarms = options.thresholds === undefined ? undefined : new LagAlarms(options.thresholds)
  }

  /** Asks the brokers. @throws RocketMQError REQUEST_TIMEOUT, CONNECT_FAILED and what else a request fails with */
  async measure(call: CallOptions): Promise<ConsumerLag> {
    const { client, consumerGroup, queues, popped } = this.#options
    const question = { client, consumerGroup, call }
    const places = popped?.() ?? []
    const ofPlaces = places.length === 0 ? [] : await poppedQueues(places, question)
    return measureLag([...queues(), ...ofPlaces], question)
  }

  /** Begins to look, where there are thresholds; the returned function ends that. */
  start(): () => Promise<void> {
    const { client, thresholds } = this.#options
    if (thresholds === undefined) return () => Promise.resolve()
    const { checkIntervalMs: everyMs } = thresholds
    const remove = client.scheduler.add({ name: 'look at the lag', everyMs, run: () => this.#look() })
    return () => {
      this.#stop.abort()
      return remove()
    }
  }

  async #look(): Promise<void> {
    const { consumerGroup, client, onLag, onBackgroundError } = this.#options
    const { signal } = this.#stop
    try {
      const lag = await this.measure({ timeoutMs: LOOK_MS, signal })
      for (const alarm of this.#alarms?.look(lag) ?? []) onLag(alarm)
    } catch (error) {
      if (signal.aborted) return
      const says = `the lag of group ${consumerGroup} could not be measured`
      client.log.warn(says, { error })
      onBackgroundError(asTyped(error, `${says}, which is tried again next time`, { group: consumerGroup }))
    }
  }
}
