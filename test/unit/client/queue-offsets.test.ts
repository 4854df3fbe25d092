import { QueueOffsets } from '../../../lib/client/queue-offsets'
import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../../../lib/commands/offset'
import { brokerError } from '../../../lib/commands/response-code'
import type { RemotingClient } from '../../../lib/remoting/remoting-client'
import type { RouteTable } from '../../../lib/routing/route-table'

const QUEUE = { topic: 'T', brokerName: 'b', queueId: 3 }
const HEADER = { topic: 'T', queueId: 3, bname: 'b' }
const CALL = { timeoutMs: 100 }

/** Addresses of the broker by id, known from the start or only after the route was asked for. */
function setUp({ known, asked = known }: { known?: [number, string][]; asked?: [number, string][] | undefined }) {
  const calls: unknown[] = []
  const refreshed: unknown[] = []
  const failures: Error[] = []
  let brokers = known
  const addresses = () => (brokers === undefined ? undefined : new Map(brokers))
  const routes = {
    hostOf: () => 'b',
    masterAddress: () => addresses()?.get(0),
    brokerAddresses: addresses,
    refresh: (...args: unknown[]) => {
      refreshed.push(args)
      brokers = asked
      return Promise.resolve(undefined)
    },
  }
  let reply: unknown = { code: 'SUCCESS', header: { offset: 42 } }
  const remoting = {
    invoke: (...args: unknown[]) => {
      calls.push(args)
      const failure = failures.shift()
      return failure === undefined ? Promise.resolve(reply) : Promise.reject(failure)
    },
    invokeOneway: (...args: unknown[]) => (calls.push(['oneway', ...args]), Promise.resolve()),
  }
  const offsets = new QueueOffsets(remoting as unknown as RemotingClient, routes as unknown as RouteTable)
  return { offsets, calls, refreshed, failures, answerWith: (given: unknown) => void (reply = given) }
}

const MASTER: [number, string][] = [
  [1, 'slave:1'],
  [0, 'master:1'],
]
const SLAVE: [number, string][] = [[1, 'slave:1']]

describe('QueueOffsets', () => {
  it('asks the master for the ends of a queue and for the offset of a time', async () => {
    const { offsets, calls } = setUp({ known: MASTER })
    await expect(offsets.maxOffset(QUEUE, CALL)).resolves.toBe(42)
    await expect(offsets.minOffset(QUEUE, CALL)).resolves.toBe(42)
    await expect(offsets.offsetForTimestamp(QUEUE, 1_700_000_000_000, CALL)).resolves.toBe(42)
    expect(calls).toEqual([
      ['master:1', GET_MAX_OFFSET, { header: HEADER }, CALL],
      ['master:1', GET_MIN_OFFSET, { header: HEADER }, CALL],
      ['master:1', SEARCH_OFFSET_BY_TIMESTAMP, { header: { ...HEADER, timestamp: 1_700_000_000_000 } }, CALL],
    ])
  })

  it('asks a slave for the beginning of a queue where there is no master, but not for its end', async () => {
    const { offsets, calls } = setUp({ known: SLAVE })
    await expect(offsets.minOffset(QUEUE, CALL)).resolves.toBe(42)
    expect(calls).toEqual([['slave:1', GET_MIN_OFFSET, { header: HEADER }, CALL]])
    await expect(offsets.maxOffset(QUEUE, CALL)).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
    await expect(offsets.offsetForTimestamp(QUEUE, 5, CALL)).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['the master', MASTER, 'master:1'],
    ['a slave where there is no master', SLAVE, 'slave:1'],
  ])('reads and writes progress at %s', async (_who, known, address) => {
    const { offsets, calls } = setUp({ known })
    await expect(offsets.committed('g', QUEUE, CALL)).resolves.toBe(42)
    await offsets.commit('g', QUEUE, 7, CALL)
    await offsets.commitOneway('g', QUEUE, 8, CALL)
    expect(calls).toEqual([
      [address, QUERY_CONSUMER_OFFSET, { header: { consumerGroup: 'g', ...HEADER } }, CALL],
      [address, UPDATE_CONSUMER_OFFSET, { header: { consumerGroup: 'g', ...HEADER, commitOffset: 7 } }, CALL],
      ['oneway', address, UPDATE_CONSUMER_OFFSET, { header: { consumerGroup: 'g', ...HEADER, commitOffset: 8 } }, CALL],
    ])
  })

  it('tells a group that never committed from one that committed 0', async () => {
    const { offsets, answerWith } = setUp({ known: MASTER })
    answerWith({ code: 'QUERY_NOT_FOUND' })
    await expect(offsets.committed('g', QUEUE)).resolves.toBeUndefined()
    answerWith({ code: 'SUCCESS', header: { offset: 0 } })
    await expect(offsets.committed('g', QUEUE)).resolves.toBe(0)
    answerWith({ code: 'SUCCESS', header: { offset: -1 } })
    await expect(offsets.committed('g', QUEUE)).resolves.toBeUndefined()
  })

  it('asks for the route where the broker is not known, and only then', async () => {
    const { offsets, calls, refreshed } = setUp({ asked: MASTER })
    await offsets.maxOffset(QUEUE, CALL)
    await offsets.committed('g', QUEUE, CALL)
    expect(refreshed).toEqual([['T', CALL]])
    expect(calls).toHaveLength(2)
  })

  it.each([
    ['the route does not name it', undefined],
    ['it has no master now', SLAVE],
  ])('fails where %s, and names the broker', async (_how, asked) => {
    const { offsets, calls } = setUp({ asked })
    await expect(offsets.maxOffset(QUEUE)).rejects.toMatchObject({
      code: 'BROKER_NOT_FOUND',
      topic: 'T',
      brokerName: 'b',
      message: 'no address of broker b is known from the route of T',
    })
    expect(calls).toEqual([])
  })
})

describe('of a static topic', () => {
  const moved = (): Error => brokerError(501, 'moved', { command: 'QUERY_CONSUMER_OFFSET' })
  const logical = { topic: 'T', brokerName: '__syslo__global__', queueId: 3 }

  it('a queue that has moved is followed once, as the route tells', async () => {
    const { offsets, calls, refreshed, failures } = setUp({ known: MASTER, asked: [[0, 'other:1']] })
    failures.push(moved())
    await expect(offsets.committed('g', logical, CALL)).resolves.toBe(42)
    expect([calls.map(call => (call as string[])[0]), refreshed]).toEqual([['master:1', 'other:1'], [['T', CALL]]])
    failures.push(moved(), moved())
    await expect(offsets.commit('g', logical, 7)).rejects.toMatchObject({ responseCode: 'NOT_LEADER_FOR_QUEUE' })
    expect(calls).toHaveLength(4)
  })

  it('commits are waited for: a broker that has the queue no more would take them silently', async () => {
    const { offsets, calls, failures } = setUp({ known: MASTER })
    failures.push(moved())
    await offsets.commitOneway('g', logical, 7, CALL)
    const header = { consumerGroup: 'g', topic: 'T', queueId: 3, bname: '__syslo__global__', commitOffset: 7 }
    const commit = ['master:1', UPDATE_CONSUMER_OFFSET, { header }, CALL]
    expect(calls).toEqual([commit, commit])
  })
})
