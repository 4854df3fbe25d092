import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import type { ParkResult, PopPolling } from '../pop/pop-polling'

/** What pops, and questions whether there is something to pop, tell of themselves. */
interface Header {
  readonly topic: string
  readonly consumerGroup: string
  readonly queueId: number
  readonly bornTime: number
  readonly pollTime: number
}

/** Has a request wait among others of its kind until there are messages, or its time is over; it is handled again then. */
export function parkPop(
  broker: Broker,
  { topic, consumerGroup: group, queueId, bornTime, pollTime }: Header,
  { among, context: { frame, channel } }: { among: Pick<PopPolling, 'park'>; context: RequestContext },
): ParkResult {
  if (pollTime <= 0) return 'TIMEOUT'
  const again = { ...frame, extFields: { ...frame.extFields, bornTime: String(bornTime) } }
  return among.park({
    topic,
    group,
    queueId,
    expiresAt: bornTime + pollTime,
    isGone: () => channel.state === 'closed',
    resume: () => broker.handleAgain(again, channel),
  })
}
