import type { RequestOf } from '../../lib/commands/command'
import type { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { systemClock } from '../../lib/runtime/clock'

type SendHeader = RequestOf<typeof SEND_MESSAGE_V2>['header']

interface SendHeaderParts {
  readonly topic: string
  readonly queueId: number
  readonly properties: string
  readonly sysFlag?: number
  readonly isBatch?: boolean
}

/** The header of a request to send, as a producer of the group `bench` writes it. */
export function sendHeader({ topic, queueId, properties, sysFlag = 0, isBatch = false }: SendHeaderParts): SendHeader {
  return {
    producerGroup: 'bench',
    topic,
    defaultTopic: 'TBW102',
    defaultTopicQueueNums: 4,
    queueId,
    sysFlag,
    bornTimestamp: systemClock.now(),
    flag: 0,
    properties,
    reconsumeTimes: 0,
    unitMode: false,
    batch: isBatch,
  }
}
