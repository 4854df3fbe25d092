import type { MessageQueue } from '../../../lib/model/message-queue'
import { BrokerFaults, LATENCY_TABLES } from '../../../lib/sending/broker-faults'
import { type BrokerView, QueueTurns } from '../../../lib/sending/queue-turns'

const QUEUES: MessageQueue[] = ['a', 'b', 'c'].flatMap(brokerName =>
  [0, 1].map(queueId => ({ topic: 'T', brokerName, queueId })),
)

function setup() {
  const faults = new BrokerFaults({ ...LATENCY_TABLES['5.x'], detector: { intervalMs: 1, timeoutMs: 1 } })
  const turns = new QueueTurns()
  const view: BrokerView = { faults, now: 0, hostOf: ({ brokerName }) => brokerName }
  const brokersOf = (count: number, lastBroker?: string): string => {
    const chosen = Array.from({ length: count }, () => turns.nextOfGood(QUEUES, lastBroker, view).brokerName)
    return [...new Set(chosen)].sort().join('')
  }
  const fail = (broker: string): void => faults.record(broker, { topic: 'T', latencyMs: 1, outcome: 'FAILED', now: 0 })
  const slow = (broker: string): void =>
    faults.record(broker, { topic: 'T', latencyMs: 600, outcome: 'ANSWERED', now: 0 })
  return { faults, turns, view, brokersOf, fail, slow }
}

const nameOf = ({ brokerName, queueId }: MessageQueue): string => `${brokerName}${queueId}`

describe('the turns of queues', () => {
  it('take each queue once before any again', () => {
    const { turns } = setup()
    const round = (): string[] => QUEUES.map(() => nameOf(turns.next(QUEUES, 'T', undefined)))
    const first = round()
    expect(first.toSorted()).toEqual(QUEUES.map(nameOf))
    expect(round()).toEqual(first)
  })

  it('take another broker than the last one where there is one', () => {
    const { turns } = setup()
    for (let i = 0; i < 20; i++) expect(turns.next(QUEUES, 'T', 'b').brokerName).not.toBe('b')
    expect(turns.next(QUEUES.slice(0, 2), 'T', 'a').brokerName).toBe('a')
  })

  it('take each queue of good brokers in turn', () => {
    const { turns, view } = setup()
    const round = QUEUES.map(() => nameOf(turns.nextOfGood(QUEUES, undefined, view)))
    expect(round.toSorted()).toEqual(QUEUES.map(nameOf))
  })

  it('leave out brokers that are slow or failed while another does well', () => {
    const { brokersOf, fail, slow } = setup()
    slow('a')
    expect(brokersOf(20)).toBe('bc')
    fail('b')
    expect(brokersOf(20)).toBe('c')
  })

  it('take a slow broker before one that cannot be reached, and on a retry before the last one', () => {
    const { brokersOf, fail, slow } = setup()
    slow('a')
    fail('b')
    fail('c')
    expect(brokersOf(20)).toBe('a')
    expect(brokersOf(20, 'c')).toBe('a')
  })

  it('take any where none is good', () => {
    const { brokersOf, fail } = setup()
    for (const broker of ['a', 'b', 'c']) fail(broker)
    expect(brokersOf(20)).toBe('abc')
  })

  it('begin anew at random on a retry', () => {
    const { turns, view } = setup()
    const chosen = Array.from({ length: 60 }, () => nameOf(turns.nextOfGood(QUEUES, 'a', view)))
    expect(new Set(chosen)).toEqual(new Set(['b0', 'b1', 'c0', 'c1']))
  })

  it('ask for the broker where a queue of a static topic is', () => {
    const { turns, faults, fail } = setup()
    fail('real')
    const logical = [0, 1].map(queueId => ({ topic: 'S', brokerName: '__syslo__', queueId }))
    const hostOf = ({ queueId }: MessageQueue): string => (queueId === 0 ? 'real' : 'other')
    for (let i = 0; i < 10; i++)
      expect(turns.nextOfGood(logical, undefined, { faults, now: 0, hostOf }).queueId).toBe(1)
  })
})
