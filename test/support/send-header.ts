import type { RequestOf } from '../../lib/commands/command'
import type { SEND_MESSAGE_V2 } from '../../lib/commands/send'

type SendHeader = RequestOf<typeof SEND_MESSAGE_V2>['header']

/** When messages of tests were made, ms since 1970. */
export const BORN_TIMESTAMP = 1_700_000_000_000

/** Header of a send of one plain message to queue 0; what a test does not say is filled in. */
export function sendHeader(topic: string, rest: Partial<SendHeader> = {}): SendHeader {
  return {
    producerGroup: 'producers',
    topic,
    defaultTopic: 'TBW102',
    defaultTopicQueueNums: 4,
    queueId: 0,
    sysFlag: 0,
    bornTimestamp: BORN_TIMESTAMP,
    flag: 0,
    properties: '',
    reconsumeTimes: 0,
    unitMode: false,
    batch: false,
    ...rest,
  }
}
