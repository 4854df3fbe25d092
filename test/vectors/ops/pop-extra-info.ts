import { RocketMQError } from '../../../lib/errors'
import { ExtraInfoParts, buildExtraInfo, parseExtraInfo, retryFlagOf } from '../../../lib/wire/pop-extra-info'
import {
  type OffsetInfo,
  buildOffsetInfo,
  offsetInfoKey,
  orderCountKey,
  parseMsgOffsetInfo,
  parseOrderCountInfo,
  parseStartOffsetInfo,
} from '../../../lib/wire/pop-offset-info'
import { parseInt64 } from '../../../lib/wire/int64'
import { difference } from '../difference'
import type { Check, Op } from '../vector-file'

/** The topic and the group that the vectors ask with. */
const TOPIC = 'T'
const GROUP = 'CG'

interface Entry {
  readonly topic: string
  readonly queueId: number
  readonly startOffset: string
  readonly msgOffsets: readonly string[]
  readonly orderCount: number
  readonly orderCountBy: 'queueId' | 'queueOffset'
}

/** Java's texts may be null where ours are left out. */
const orUndefined = (text: unknown): string | undefined => (text === null ? undefined : String(text))

/** Java's 64-bit numbers are texts in the vectors, and its maps plain objects; null where there is none. */
function plainInfo<V>(info: OffsetInfo<V> | undefined, plain: (value: V) => unknown): unknown {
  return info === undefined
    ? null
    : Object.fromEntries(Array.from(info, ([key, value]) => [key, plain(value)] as const))
}

const plainOffsets = (offsets: readonly number[]): string[] => offsets.map(String)

const PARTS: Readonly<Record<string, (parts: ExtraInfoParts) => unknown>> = {
  parts: parts => parts.all,
  ckQueueOffset: parts => String(parts.ckQueueOffset),
  popTime: parts => String(parts.popTime),
  invisibleTime: parts => String(parts.invisibleTime),
  reviveQid: parts => parts.reviveQid,
  retry: parts => parts.retry,
  realTopic: parts => parts.realTopic(TOPIC, GROUP),
  brokerName: parts => parts.brokerName,
  queueId: parts => parts.queueId,
  queueOffset: parts => String(parts.queueOffset),
  isOrder: parts => parts.isOrder,
}

/** Part by part: where Java threw, we must throw too. */
function expectParts(text: string | undefined, expected: Record<string, unknown>): void {
  const parts = new ExtraInfoParts(text)
  expect(Object.keys(PARTS)).toEqual(expect.arrayContaining(Object.keys(expected)))
  for (const [name, value] of Object.entries(expected)) {
    const read = (): unknown => PARTS[name]?.(parts)
    if (typeof value === 'object' && value !== null && 'error' in value) expect(read).toThrow(RocketMQError)
    else expect(difference(read(), value, name)).toBeUndefined()
  }
}

export const checks: Readonly<Record<string, Check>> = {
  buildExtraInfo: (input, out) => {
    const whole = buildExtraInfo({
      ckQueueOffset: parseInt64(String(input['ckQueueOffset'])),
      popTime: Number(input['popTime']),
      invisibleTime: Number(input['invisibleTime']),
      reviveQid: Number(input['reviveQid']),
      retry: retryFlagOf(String(input['topic'])),
      brokerName: String(input['brokerName']),
      queueId: Number(input['queueId']),
      queueOffset: parseInt64(String(input['msgQueueOffset'])),
    })
    expect(whole).toBe(out['withMsgOffset'])
    // We never write a handle without the offset of its message; that is the whole one without its end.
    expect(whole.slice(0, whole.lastIndexOf(' '))).toBe(out['withoutMsgOffset'])
    expectParts(whole, out['parsed'] as Record<string, unknown>)
    expect(buildExtraInfo(parseExtraInfo(whole))).toBe(whole)
  },
  parseExtraInfo: ({ extraInfo }, out) => expectParts(orUndefined(extraInfo), out),
}

export const ops: Readonly<Record<string, Op>> = {
  mapKeys: input => {
    const key = Number(input['key'])
    const flag = retryFlagOf(String(input['topic']))
    const popCk = orUndefined(input['popCk'])
    return {
      startOffsetKey: offsetInfoKey(flag, key),
      startOffsetKeyWithCk: offsetInfoKey(popCk === undefined ? flag : new ExtraInfoParts(popCk).retry, key),
      queueOffsetMapKey: offsetInfoKey(flag, orderCountKey(key, 77)),
      queueOffsetKeyValueKey: orderCountKey(key, 77),
    }
  },
  offsetInfos: ({ entries }) => {
    const given = (entries as readonly Entry[]).map(entry => ({
      ...entry,
      retry: retryFlagOf(entry.topic),
      startOffset: parseInt64(entry.startOffset),
      msgOffsets: entry.msgOffsets.map(parseInt64),
    }))
    const startOffsetInfo = buildOffsetInfo(
      given.map(({ retry, queueId, startOffset }) => ({ retry, queue: queueId, value: startOffset })),
    )
    const msgOffsetInfo = buildOffsetInfo(
      given.map(({ retry, queueId, msgOffsets }) => ({ retry, queue: queueId, value: msgOffsets })),
    )
    const orderCountInfo = buildOffsetInfo(
      given.map(({ retry, queueId, startOffset, orderCount, orderCountBy }) => ({
        retry,
        queue: orderCountBy === 'queueId' ? queueId : orderCountKey(queueId, startOffset),
        value: orderCount,
      })),
    )
    return {
      startOffsetInfo,
      msgOffsetInfo,
      orderCountInfo,
      parsedStart: plainInfo(parseStartOffsetInfo(startOffsetInfo), String),
      parsedMsg: plainInfo(parseMsgOffsetInfo(msgOffsetInfo), plainOffsets),
      parsedCount: plainInfo(parseOrderCountInfo(orderCountInfo), count => count),
    }
  },
  parseStartOffsetInfo: ({ string }) => ({ map: plainInfo(parseStartOffsetInfo(orUndefined(string)), String) }),
  parseMsgOffsetInfo: ({ string }) => ({ map: plainInfo(parseMsgOffsetInfo(orUndefined(string)), plainOffsets) }),
  parseOrderCountInfo: ({ string }) => ({ map: plainInfo(parseOrderCountInfo(orUndefined(string)), count => count) }),
}
