import type { GET_BROKER_RUNTIME_INFO } from '../../commands/broker'
import type { ReplyOf } from '../../commands/command'
import type { Broker } from '../broker'

/** What is measured over the last 10 s, minute and 10 minutes; nothing is here. */
const NO_RATES = '0.0 0.0 0.0'
const NONE = '0'

/**
 * What the real admin tool and those like it read of it. The emulator counts what it has stored; it measures no rates and has
 * no queues of threads and no disks, which are at 0.
 */
export function getBrokerRuntimeInfo({ generation, state }: Broker): ReplyOf<typeof GET_BROKER_RUNTIME_INFO> {
  const { store } = state
  const figures: Record<string, string> = {
    ...generation.runtimeInfo,
    commitLogMinOffset: String(store.log.minOffset),
    commitLogMaxOffset: String(store.log.endOffset),
    earliestMessageTimeStamp: String(store.earliestStoreTime ?? -1),
    msgPutTotalTodayNow: String(store.messageCount),
    putTps: NO_RATES,
  }
  for (const name of ['commitLogDiskRatio', 'consumeQueueDiskRatio']) figures[name] = '0.0'
  for (const name of COUNTS) figures[name] = NONE
  return { code: 'SUCCESS', body: { table: new Map(Object.entries(figures)) } }
}

const COUNTS = [
  'dispatchBehindBytes',
  'msgGetTotalTodayMorning',
  'msgGetTotalTodayNow',
  'msgGetTotalYesterdayMorning',
  'msgPutTotalTodayMorning',
  'msgPutTotalYesterdayMorning',
  'pageCacheLockTimeMills',
  'pullThreadPoolQueueHeadWaitTimeMills',
  'pullThreadPoolQueueSize',
  'queryThreadPoolQueueHeadWaitTimeMills',
  'queryThreadPoolQueueSize',
  'sendThreadPoolQueueHeadWaitTimeMills',
  'sendThreadPoolQueueSize',
] as const
