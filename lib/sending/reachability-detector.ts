import type { ClientInstance } from '../client/client-instance'
import { GET_MAX_OFFSET } from '../commands/offset'
import { BrokerError } from '../errors'
import type { BrokerFaults } from './broker-faults'

/** Java looks every three seconds whose turn it is. */
const EVERY_MS = 3000

/** What a detector needs of its client. */
type DetectorClient = Pick<ClientInstance, 'clock' | 'log' | 'remoting' | 'routes' | 'scheduler'>

/**
 * Asks brokers that failed whether they can be reached, and tells `faults` of those that answer, whatever they answer.
 * @returns ends it; resolves when no question is under way any more
 */
export function startDetector(client: DetectorClient, faults: BrokerFaults, timeoutMs: number): () => Promise<void> {
  const ask = async (brokerName: string, topic: string, signal: AbortSignal): Promise<void> => {
    const address = client.routes.masterAddress(brokerName)
    if (address === undefined) {
      faults.forget(brokerName)
      return
    }
    try {
      await client.remoting.invoke(address, GET_MAX_OFFSET, { header: { topic, queueId: 0 } }, { timeoutMs, signal })
      faults.reached(brokerName)
    } catch (error) {
      if (BrokerError.is(error)) faults.reached(brokerName)
      else client.log.debug('a broker that failed cannot be reached yet', { brokerName, error })
    }
  }
  return client.scheduler.add({
    name: 'reach brokers that failed',
    everyMs: EVERY_MS,
    run: async signal => {
      const due = faults.takeDue(client.clock.monotonic())
      await Promise.all(due.map(([brokerName, topic]) => ask(brokerName, topic, signal)))
    },
  })
}
