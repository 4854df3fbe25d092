import { crc32 } from '../../../lib/wire/crc32'
import { type ByVersion, type Matcher, anyAddress, anyTimeNumber, byVersion, like, since5 } from './expected'
import { BORN_TIMESTAMP } from '../../support/send-header'
import type { Sent } from './given'
import type { Stage } from './stage'

/** What many answers have in common. */

/** Header of all answers to sends, good and bad. */
export const REGION = { MSG_REGION: 'DefaultRegion', TRACE_ON: 'true' } as const

/** A remark that also sends those who want to know more to a page. */
export function withHelp(text: string): ByVersion {
  const see = (page: string): string => `${text}\nSee ${page} for further details.`
  return byVersion({
    '4.9': see('http://rocketmq.apache.org/docs/faq/'),
    '5': see('https://rocketmq.apache.org/docs/bestPractice/06FAQ'),
  })
}

/** The code for wrong names and queue ids. */
export const INVALID = byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'INVALID_PARAMETER' } as const)

/** What brokers forgot to take out of good answers. */
export const NO_REMARK = 'not set any response code'

/** What is said of a message that is too large, or of another form than it should be. */
export const ILLEGAL =
  'the message is illegal, maybe msg body or properties length not matched. msg body length limit 4194304B, msg properties length limit 32KB.'

/** A remark with the words of a Java exception, which differ by the place that threw it; see `allowed-differences.ts`. */
export const exceptionRemark = like(/[\w.$]+(Exception|Error)\b.*|Cannot invoke .*/)

/** A unique id that the broker made, with the IPv4 or IPv6 address of its machine. */
export const uniqueId = like(/[0-9A-F]{32}|[0-9A-F]{56}/)

/** The id of a message that this broker has stored, wherever. */
export function offsetMsgIdOf(stage: Stage): Matcher {
  return offsetMsgIdsOf(stage, 1)
}

/** The ids of the messages of a batch. */
export function offsetMsgIdsOf({ broker }: Stage, count: number): Matcher {
  const id = `${hostHex(broker.address)}[0-9A-F]{16}`
  return like(new RegExp(Array.from({ length: count }, () => id).join(',')))
}

function hostHex(address: string): string {
  const [ip = '', port = ''] = address.split(':')
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')
  return (
    ip
      .split('.')
      .map(part => hex(Number(part), 2))
      .join('') + hex(Number(port), 8)
  )
}

/** Header of a message that was stored; what a row does not say is as for one plain message. */
export function storedAt(stage: Stage, rest: Record<string, unknown> = {}): unknown {
  return {
    msgId: offsetMsgIdOf(stage),
    queueId: '0',
    queueOffset: '0',
    transactionId: since5(uniqueId),
    ...REGION,
    ...rest,
  }
}

/** Offsets as the header of an answer to a pull tells them. */
export function pulledTo(next: number | ByVersion, [minOffset, maxOffset]: readonly [number, number]): unknown {
  return {
    suggestWhichBrokerId: '0',
    nextBeginOffset: typeof next === 'number' ? String(next) : next,
    minOffset: String(minOffset),
    maxOffset: String(maxOffset),
    topicSysFlag: since5('0'),
    groupSysFlag: since5('0'),
  }
}

/** A message as it is stored, with all that its record holds. */
export function record(stage: Stage, sent: Sent, rest: Record<string, unknown> = {}): unknown {
  const { broker } = stage
  const { topic, queueId, queueOffset, commitLogOffset, flag, body, properties } = sent
  return {
    isVersion1: true,
    topic,
    queueId,
    queueOffset,
    commitLogOffset,
    flag,
    sysFlag: 0,
    bornTimestamp: BORN_TIMESTAMP,
    bornHost: anyAddress,
    storeTimestamp: anyTimeNumber,
    storeHost: broker.address,
    bodyCRC: crc32(Buffer.from(body)),
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    body,
    properties: storedProperties(stage, properties),
    endsWithSeparator: byVersion({ '4.9': false, '5': true }),
    ...rest,
  }
}

/** The properties of a stored message: its own, and what brokers add. */
export function storedProperties({ broker }: Stage, own: Readonly<Record<string, unknown>> = {}): object {
  return {
    UNIQ_KEY: since5(uniqueId),
    ...own,
    CLUSTER: broker.cluster,
    MSG_REGION: since5(REGION.MSG_REGION),
    TRACE_ON: since5(REGION.TRACE_ON),
  }
}
