import type { ClientInstance } from '../client/client-instance'
import { RocketMQError } from '../errors'
import type { CallOptions } from '../remoting/remoting-client'
import type { TopicPublishInfo } from '../routing/publish-info'

/** MQVersion ordinal of 5.0.0, the first release with timer messages. */
const FIRST_VERSION_WITH_TIMER = 413

interface TimerCheck {
  readonly info: TopicPublishInfo
  readonly mode: 'reject' | 'warn'
  readonly call: CallOptions
}

/**
 * Older brokers store a timer message with success and deliver it at once: that is told before it is sent.
 * @throws RocketMQError UNSUPPORTED_BY_BROKER, unless the mode is to warn
 */
export async function checkTimerSupport(client: ClientInstance, { info, mode, call }: TimerCheck): Promise<void> {
  for (const brokerName of new Set(info.queues.map(queue => queue.brokerName))) {
    const address = client.routes.masterAddress(brokerName)
    if (address === undefined) continue
    const version = await client.learnVersion(address, call)
    if (version >= FIRST_VERSION_WITH_TIMER) continue
    const says = `broker ${brokerName} is older than 5.0 and would deliver a timer message at once: use delayTimeLevel`
    if (mode === 'reject') throw new RocketMQError('UNSUPPORTED_BY_BROKER', says, { brokerName, address, sent: 'NO' })
    client.log.warn(says)
  }
}
