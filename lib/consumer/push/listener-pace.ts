import type { ClientInstance } from '../../client/client-instance'
import { EventLoopLag } from '../../runtime/event-loop-lag'
import { ConcurrencyControl } from './concurrency-control'
import type { ConsumeRates } from './consume-rates'
import type { ConsumeService } from './consume-service'
import type { Listener } from './listener'
import type { ProcessQueue } from './process-queue'
import { RateGate } from './rate-gate'

export interface ListenerPaceOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'scheduler'>
  readonly listener: Pick<Listener, 'concurrency' | 'rateLimit'>
  readonly rates: Pick<ConsumeRates, 'totals'>
  readonly service: () => Pick<ConsumeService, 'running' | 'updateConcurrency'>
  /** The queues that are ours at present. */
  readonly queues: () => readonly Pick<ProcessQueue, 'held'>[]
}

/** How fast a listener is given messages: how many calls at a time, and how many messages a second. */
export class ListenerPace {
  readonly concurrency: ConcurrencyControl
  readonly rate: RateGate

  constructor({ client, listener, rates, service, queues }: ListenerPaceOptions) {
    const { clock, scheduler } = client
    this.rate = new RateGate(clock, listener.rateLimit)
    this.concurrency = new ConcurrencyControl({
      clock,
      scheduler,
      range: listener.concurrency,
      totals: rates.totals,
      load: () => ({ running: service().running, waiting: queues().reduce((sum, { held }) => sum + held, 0) }),
      apply: limit => service().updateConcurrency(limit),
      startLoopLag: () => new EventLoopLag(),
    })
  }

  /** The returned function ends it. */
  start(): () => Promise<void> {
    this.concurrency.start()
    return () => {
      this.rate.close()
      return this.concurrency.stop()
    }
  }
}
