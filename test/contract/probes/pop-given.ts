import type { AnyCommand, RequestOf } from '../../../lib/commands/command'
import { POP_MESSAGE } from '../../../lib/commands/pop'
import type { ResponseCode } from '../../../lib/commands/response-code'
import { buildExtraInfo } from '../../../lib/wire/pop-extra-info'
import { ABSENT, type ByVersion, anyTime, below, byVersion, like, since5 } from './expected'
import { type Orders, type ProbeMessage, freshGroup, freshTopic, sendAll } from './given'
import type { Answer } from './probe'
import type { Stage } from './stage'

type PopHeader = RequestOf<typeof POP_MESSAGE>['header']
/** What a row says of a pop. */
export type PopSettings = Partial<Omit<PopHeader, 'topic'>>

/** A code of 5.x; 4.9 does not know the request. */
export const by5 = <C extends ResponseCode>(code: C): ByVersion<C | 'REQUEST_CODE_NOT_SUPPORTED'> =>
  byVersion<C | 'REQUEST_CODE_NOT_SUPPORTED'>({ '4.9': 'REQUEST_CODE_NOT_SUPPORTED', '5': code })

/** An answer of 5.x; 4.9 does not know the request. */
export function answerOf5(command: AnyCommand, { remark, ...rest }: Answer): Answer {
  const parts = Object.entries(rest).map(([name, value]) => [name, since5(value)] as const)
  const unknown = ` request type ${command.code} not supported`
  return { remark: byVersion({ '4.9': unknown, '5': remark ?? ABSENT }), ...Object.fromEntries(parts) }
}

/** A topic with messages and a group, both of the row's own, as pops change what others would see. */
export interface Popped extends Orders {
  readonly group: string
}

/** Three messages in queue 0 of two: tags `a`, `b`, `a`. */
export async function ownOrders(stage: Stage): Promise<Popped> {
  const topic = await freshTopic(stage, { readQueueNums: 2, writeQueueNums: 2 })
  const properties = (i: number): Record<string, string> => ({ TAGS: i === 1 ? 'b' : 'a', UNIQ_KEY: `${topic}-${i}` })
  const messages = [0, 1, 2].map((i): ProbeMessage => ({ body: `message ${i}`, properties: properties(i) }))
  return { topic, group: await freshGroup(stage), sent: await sendAll(stage, topic, messages) }
}

/** Header of a pop of queue 0 that does not wait, of a group that begins with the oldest message. */
export function popHeader(
  { topic, group }: { readonly topic: string; readonly group: string },
  rest: PopSettings = {},
): { header: PopHeader } {
  const header = {
    consumerGroup: group,
    topic,
    queueId: 0,
    maxMsgNums: 32,
    invisibleTime: 60_000,
    pollTime: 0,
    bornTime: 0,
    initMode: 0,
    ...rest,
  }
  return { header }
}

/** The receipt handle of the first message after a pop of them; a made-up one where the broker cannot pop. */
export async function handleOfFirst(stage: Stage, given: Popped, rest: PopSettings = {}): Promise<string> {
  const made = {
    ckQueueOffset: 0,
    retry: '0',
    brokerName: stage.broker.name,
    queueId: 0,
    queueOffset: 0,
  } as const
  if (stage.version === '4.9') return buildExtraInfo({ ...made, popTime: 1, invisibleTime: 1, reviveQid: 0 })
  const { header } = await stage.invoke(POP_MESSAGE, popHeader(given, rest))
  return buildExtraInfo({ ...made, ...header })
}

/** Pops where the broker can. */
export async function pop(stage: Stage, given: Popped, rest: PopSettings = {}): Promise<void> {
  if (stage.version === '5') await stage.invoke(POP_MESSAGE, popHeader(given, rest))
}

/** Header of an answer to a pop: `start` and `offsets` as the infos say them. */
export function poppedFields(rest: Record<string, unknown> = {}): unknown {
  return {
    popTime: anyTime,
    invisibleTime: '60000',
    reviveQid: below(8),
    restNum: '0',
    startOffsetInfo: '0 0 0',
    msgOffsetInfo: '0 0 0,1,2',
    ...rest,
  }
}

/** The same of a pop that found nothing. */
export const foundNothing = (rest: Record<string, unknown> = {}): unknown =>
  poppedFields({ startOffsetInfo: '', msgOffsetInfo: '', ...rest })

/** The remark about a queue that a topic of one queue does not have. */
export function illegalQueue(queueId: number, topic: string): unknown {
  const rest = 'topicConfig.readQueueNums:\\[\\d\\] consumer:\\[/[\\d.]+:\\d+\\]'
  return like(new RegExp(`queueId\\[${queueId}\\] is illegal, topic:\\[${topic}\\] ${rest}`))
}
