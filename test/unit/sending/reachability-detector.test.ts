import { BrokerError, RocketMQError } from '../../../lib/errors'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { Scheduler } from '../../../lib/runtime/scheduler'
import { BrokerFaults, LATENCY_TABLES } from '../../../lib/sending/broker-faults'
import { startDetector } from '../../../lib/sending/reachability-detector'
import { silentLog } from '../../support/recording-log'

type Detector = Parameters<typeof startDetector>[0]

function setup(answer: () => Promise<unknown>) {
  const clock = new ManualClock()
  const scheduler = new Scheduler(clock, (_task, error) => {
    throw error
  })
  const faults = new BrokerFaults({ ...LATENCY_TABLES['5.x'], detector: { intervalMs: 2000, timeoutMs: 200 } })
  const asked: unknown[] = []
  const addresses = new Map([['a', 'a:1']])
  const client = {
    clock,
    log: silentLog(),
    scheduler,
    routes: { masterAddress: (broker: string) => addresses.get(broker) },
    remoting: {
      invoke: (
        address: string,
        { name }: { name: string },
        { header }: { header: object },
        { timeoutMs }: { timeoutMs: number },
      ) => {
        asked.push({ address, name, header, timeoutMs })
        return answer()
      },
    },
  } as unknown as Detector
  const stop = startDetector(client, faults, 200)
  const fail = (broker: string): void =>
    faults.record(broker, { topic: 'T', latencyMs: 1, outcome: 'FAILED', now: clock.monotonic() })
  return { clock, scheduler, faults, asked, addresses, stop, fail }
}

const gone = (): Promise<never> => Promise.reject(new RocketMQError('CONNECT_FAILED', 'gone'))

describe('the detector of reachable brokers', () => {
  it('asks a broker that failed every few seconds, and nobody else', async () => {
    const { clock, asked, fail, faults } = setup(gone)
    await clock.advance(3000)
    expect(asked).toEqual([])
    fail('a')
    await clock.advance(3000)
    expect(asked).toEqual([
      { address: 'a:1', name: 'GET_MAX_OFFSET', header: { topic: 'T', queueId: 0 }, timeoutMs: 200 },
    ])
    await clock.advance(3000)
    expect(asked).toHaveLength(2)
    expect(faults.isReachable('a')).toBe(false)
  })

  it.each([
    ['an answer', () => Promise.resolve({})],
    ['a refusal', () => Promise.reject(new BrokerError('TOPIC_NOT_EXIST', undefined, 'no such topic'))],
  ])('takes a broker for reachable after %s', async (_what, answer) => {
    const { clock, fail, faults } = setup(answer)
    fail('a')
    await clock.advance(3000)
    expect(faults.isReachable('a')).toBe(true)
  })

  it('forgets a broker that no route names any more', async () => {
    const { clock, asked, fail, faults, addresses } = setup(gone)
    fail('a')
    addresses.clear()
    await clock.advance(3000)
    expect([asked.length, faults.isReachable('a')]).toEqual([0, true])
  })

  it('asks nobody after its end', async () => {
    const { clock, asked, fail, stop } = setup(gone)
    fail('a')
    await stop()
    await clock.advance(10_000)
    expect(asked).toEqual([])
  })
})
