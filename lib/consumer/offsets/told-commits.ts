import type { Telemetry } from '../../client/telemetry/telemetry'
import type { MessageQueue } from '../../model/message-queue'
import { BrokerOffsetStore } from './broker-offset-store'
import type { OffsetStore } from './offset-store'

/** Writes offsets down that nobody's call asks to be, as `OffsetStore.persist`. */
export type Persist = (queues: readonly MessageQueue[], options: { readonly confirmed: boolean }) => Promise<void>

/** Whoever listens is told of what is committed to brokers; of queues where nothing is new nothing is told. */
export function toldCommits(store: OffsetStore, telemetry: Pick<Telemetry, 'wants' | 'run'>): Persist {
  return (queues, options) => {
    const persist = (): Promise<void> => store.persist(queues, options)
    if (!(store instanceof BrokerOffsetStore) || !telemetry.wants('settle')) return persist()
    const messageQueues = store.changed(queues)
    if (messageQueues.length === 0) return persist()
    return telemetry.run('settle', { operation: 'commit', messages: [], messageQueues }, persist)
  }
}
