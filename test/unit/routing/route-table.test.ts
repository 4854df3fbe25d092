import type { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import type { ReplyOf } from '../../../lib/commands/command'
import { RocketMQError } from '../../../lib/errors'
import { PERM } from '../../../lib/model/perm'
import type { TopicRoute } from '../../../lib/model/topic-route'
import type { CallOptions } from '../../../lib/remoting/remoting-client'
import type { NameServers } from '../../../lib/routing/name-servers'
import { RouteTable } from '../../../lib/routing/route-table'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const FALLBACK = { createTopicKey: 'TBW102', defaultTopicQueueNums: 4 }
const READ_WRITE = PERM.READ | PERM.WRITE

type Answer = ReplyOf<typeof GET_ROUTEINFO_BY_TOPIC>

interface Question {
  readonly topic: string
  readonly options: CallOptions
  readonly answer: (answer: TopicRoute | undefined) => void
  readonly fail: (error: Error) => void
}

/** A route of one broker. */
function routeOf(brokerName: string, address: string, { queues = 2, perm = READ_WRITE, id = 0 } = {}): TopicRoute {
  return {
    queueDatas: [{ brokerName, readQueueNums: queues, writeQueueNums: queues, perm, topicSysFlag: 0 }],
    brokerDatas: [{ cluster: 'c', brokerName, brokerAddrs: new Map([[id, address]]) }],
  }
}

function setUp() {
  const clock = new ManualClock()
  const questions: Question[] = []
  const changed: string[] = []
  const nameServers = {
    addresses: ['n:1', 'n:2'],
    invoke: (_command: unknown, { header }: { header: { topic: string } }, options: CallOptions = {}) =>
      new Promise<Answer>((resolve, reject) => {
        const answer = (route: TopicRoute | undefined): void =>
          resolve(route === undefined ? { code: 'TOPIC_NOT_EXIST' } : { code: 'SUCCESS', body: route })
        questions.push({ topic: header.topic, options, answer, fail: reject })
        options.signal?.addEventListener('abort', () => reject(new Error('called off')))
      }),
  }
  const table = new RouteTable(nameServers as unknown as NameServers, topic => changed.push(topic), clock)
  /** Answers the newest question. */
  const answer = (route: TopicRoute | undefined): void => questions.at(-1)?.answer(route)
  const refresh = async (topic: string, route: TopicRoute | undefined): Promise<void> => {
    const refreshed = table.refresh(topic)
    answer(route)
    await refreshed
  }
  return { clock, table, questions, changed, answer, refresh }
}

describe('RouteTable', () => {
  it('knows the route of a topic once it was asked for', async () => {
    const { table, answer } = setUp()
    const route = routeOf('b', 'h:1')
    expect(table.get('T')).toBeUndefined()
    const refreshed = table.refresh('T')
    answer(route)
    await expect(refreshed).resolves.toBe(route)
    expect(table.get('T')).toBe(route)
  })

  it('has nothing of a topic that does not exist, and keeps what was known of it', async () => {
    const { table, refresh } = setUp()
    await refresh('T', undefined)
    expect(table.get('T')).toBeUndefined()
    await refresh('T', routeOf('b', 'h:1'))
    await refresh('T', undefined)
    expect(table.get('T')).toEqual(routeOf('b', 'h:1'))
  })

  it('keeps what is known of a topic while no name server answers', async () => {
    const { table, refresh, questions } = setUp()
    await refresh('T', routeOf('b', 'h:1'))
    const failed = table.refresh('T')
    questions.at(-1)?.fail(new RocketMQError('NO_NAME_SERVER', 'none'))
    await expect(failed).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    expect(table.masterAddress('b')).toBe('h:1')
  })

  it('asks in the strict form of JSON', async () => {
    const { clock } = setUp()
    const headers: unknown[] = []
    const nameServers = {
      invoke: (_command: unknown, { header }: { header: unknown }) => {
        headers.push(header)
        return Promise.resolve({ code: 'TOPIC_NOT_EXIST' })
      },
    }
    await new RouteTable(nameServers as unknown as NameServers, () => undefined, clock).refresh('T')
    expect(headers).toEqual([{ topic: 'T', acceptStandardJsonOnly: true }])
  })

  it('tells of a route that differs, and of nothing else', async () => {
    const { changed, refresh } = setUp()
    await refresh('T', routeOf('b', 'h:1'))
    await refresh('T', routeOf('b', 'h:1'))
    expect(changed).toEqual(['T'])
    await refresh('T', routeOf('b', 'h:1', { queues: 3 }))
    await refresh('T', routeOf('b', 'h:2', { queues: 3 }))
    expect(changed).toEqual(['T', 'T', 'T'])
  })

  describe('shares one question', () => {
    it('among all who ask for a topic meanwhile', async () => {
      const { table, questions, answer } = setUp()
      const asked = [table.refresh('T'), table.refresh('T', { timeoutMs: 100 })]
      expect(questions).toHaveLength(1)
      answer(routeOf('b', 'h:1'))
      await expect(Promise.all(asked)).resolves.toHaveLength(2)
    })

    it('with the limit of the one who asked first', () => {
      const { table, questions } = setUp()
      void table.refresh('T', { timeoutMs: 1000 }).catch(() => undefined)
      void table.refresh('T', { timeoutMs: 100 }).catch(() => undefined)
      expect(questions.map(({ options }) => options.timeoutMs)).toEqual([1000])
    })

    it('and lets the others have the answer when the one who asked first gives up', async () => {
      const { table, answer } = setUp()
      const abort = new AbortController()
      const first = table.refresh('T', { signal: abort.signal })
      const second = table.refresh('T')
      abort.abort(new Error('enough'))
      await expect(first).rejects.toThrow('enough')
      answer(routeOf('b', 'h:1'))
      await expect(second).resolves.toEqual(routeOf('b', 'h:1'))
    })

    it('and calls it off when nobody waits for it any more', async () => {
      const { table, questions } = setUp()
      const abort = new AbortController()
      const asked = table.refresh('T', { signal: abort.signal })
      abort.abort(new Error('enough'))
      await expect(asked).rejects.toThrow('enough')
      expect(questions[0]?.options.signal?.aborted).toBe(true)
    })

    it('and one without a limit waits as long as it takes', async () => {
      const { clock, table, answer } = setUp()
      const [first, second] = [table.refresh('T', { timeoutMs: 60_000 }), table.refresh('T')]
      await clock.advance(50_000)
      answer(routeOf('b', 'h:1'))
      await expect(Promise.all([first, second])).resolves.toHaveLength(2)
    })

    it('which those with more time ask anew when the time of the first is over', async () => {
      const { clock, table, questions, answer } = setUp()
      const hasty = expect(table.refresh('T', { timeoutMs: 100 })).rejects.toThrow('no answer')
      const others = [table.refresh('T', { timeoutMs: 1000 }), table.refresh('T', { timeoutMs: 1000 })]
      await clock.advance(50)
      questions[0]?.fail(new Error('no answer'))
      await hasty
      await clock.advance(0)
      expect(questions.map(({ options }) => options.timeoutMs)).toEqual([100, 950])
      answer(routeOf('b', 'h:1'))
      await expect(Promise.all(others)).resolves.toHaveLength(2)
    })

    it('and not anew where it failed before', async () => {
      const { clock, table, questions } = setUp()
      const asked = Promise.allSettled([table.refresh('T', { timeoutMs: 100 }), table.refresh('T')])
      await clock.advance(49)
      questions[0]?.fail(new Error('refused'))
      expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      expect(questions).toHaveLength(1)
    })

    it('but nobody waits for it longer than their own limit', async () => {
      const { clock, table, answer } = setUp()
      const patient = table.refresh('T')
      const hasty = expect(table.refresh('T', { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'NO_NAME_SERVER',
        topic: 'T',
        sent: 'NO',
        message: 'no name server answered for the route of topic T within 100 ms',
      })
      await clock.advance(100)
      await hasty
      answer(routeOf('b', 'h:1'))
      await expect(patient).resolves.toBeDefined()
    })
  })

  describe('findPublishInfo', () => {
    it('does not ask where the answer is known', async () => {
      const { table, refresh, questions } = setUp()
      await refresh('T', routeOf('b', 'h:1'))
      const info = await table.findPublishInfo('T', FALLBACK)
      expect(info.queues.map(({ queueId }) => queueId)).toEqual([0, 1])
      expect(table.publishInfo('T')).toBe(info)
      expect(questions).toHaveLength(1)
    })

    it('asks again for a topic without a queue to write', async () => {
      const { table, refresh, answer } = setUp()
      await refresh('T', routeOf('b', 'h:1', { perm: PERM.READ }))
      const info = table.findPublishInfo('T', FALLBACK)
      answer(routeOf('b', 'h:1'))
      await expect(info).resolves.toMatchObject({ queues: [{}, {}] })
    })

    it.each([
      ['lack the write permission', routeOf('b', 'h:1', { perm: PERM.READ })],
      ['lack a master', routeOf('b', 'h:1', { id: 1 })],
    ])('fails where the brokers %s, without looking at the default topic', async (_how, route) => {
      const { table, questions, answer } = setUp()
      const info = table.findPublishInfo('T', FALLBACK)
      answer(route)
      await expect(info).rejects.toMatchObject({ code: 'NO_WRITABLE_QUEUE', topic: 'T', sent: 'NO' })
      expect(questions).toHaveLength(1)
    })

    it('takes a topic that does not exist for what brokers would make of it: the default topic, with fewer queues', async () => {
      const { clock, table, questions, answer } = setUp()
      const info = table.findPublishInfo('T', FALLBACK)
      answer(undefined)
      await clock.advance(0)
      expect(questions.at(-1)?.topic).toBe('TBW102')
      answer(routeOf('b', 'h:1', { queues: 8, perm: READ_WRITE | PERM.INHERIT }))
      const { queues } = await info
      expect(queues).toEqual([0, 1, 2, 3].map(queueId => ({ topic: 'T', brokerName: 'b', queueId })))
      expect(table.get('TBW102')).toBeUndefined()
    })

    it('takes a topic that was known, and cannot be written, for nothing else when it is gone', async () => {
      const { table, refresh, questions, answer } = setUp()
      await refresh('T', routeOf('b', 'h:1', { perm: PERM.READ }))
      const info = table.findPublishInfo('T', FALLBACK)
      answer(undefined)
      await expect(info).rejects.toMatchObject({ code: 'NO_WRITABLE_QUEUE' })
      expect(questions.map(({ topic }) => topic)).toEqual(['T', 'T'])
    })

    it('has no more queues than the default topic has', async () => {
      const { clock, table, answer } = setUp()
      const info = table.findPublishInfo('T', FALLBACK)
      answer(undefined)
      await clock.advance(0)
      answer(routeOf('b', 'h:1', { queues: 3 }))
      await expect(info).resolves.toMatchObject({ queues: { length: 3 } })
    })

    it('fails where brokers create no topics either', async () => {
      const { clock, table, answer } = setUp()
      const info = expect(table.findPublishInfo('T', FALLBACK)).rejects.toMatchObject({
        code: 'TOPIC_NOT_FOUND',
        topic: 'T',
        sent: 'NO',
      })
      answer(undefined)
      await clock.advance(0)
      answer(undefined)
      await info
    })

    it('asks for the default topic within what is left of its time', async () => {
      const { clock, table, questions, answer } = setUp()
      await clock.advance(50)
      void table.findPublishInfo('T', FALLBACK, { timeoutMs: 1000 }).catch(() => undefined)
      await clock.advance(400)
      answer(undefined)
      await clock.advance(0)
      expect(questions.map(({ options }) => options.timeoutMs)).toEqual([1000, 600])
    })

    it('replaces a borrowed route as soon as there is a real one, and tells of it', async () => {
      const { clock, table, changed, answer, refresh } = setUp()
      const info = table.findPublishInfo('T', FALLBACK)
      answer(undefined)
      await clock.advance(0)
      answer(routeOf('b', 'h:1', { queues: 4 }))
      await info
      await refresh('T', undefined)
      expect(table.publishInfo('T')?.queues).toHaveLength(4)
      await refresh('T', routeOf('b', 'h:1', { queues: 4 }))
      expect(changed).toEqual(['T', 'T'])
    })
  })

  it('gives the queues to read, none of a topic that is not known', async () => {
    const { table, refresh } = setUp()
    expect(table.subscribeQueues('T')).toEqual([])
    await refresh('T', routeOf('b', 'h:1', { perm: PERM.READ }))
    expect(table.subscribeQueues('T')).toHaveLength(2)
  })

  describe('knows brokers', () => {
    it('by name and id', async () => {
      const { table, refresh } = setUp()
      const brokerAddrs = new Map([
        [0, 'h:1'],
        [1, 'h:2'],
      ])
      await refresh('T', { queueDatas: [], brokerDatas: [{ cluster: 'c', brokerName: 'b', brokerAddrs }] })
      expect(table.masterAddress('b')).toBe('h:1')
      expect(table.brokerAddresses('b')).toEqual(brokerAddrs)
      expect(table.addresses()).toEqual([
        { brokerName: 'b', brokerId: 0, address: 'h:1' },
        { brokerName: 'b', brokerId: 1, address: 'h:2' },
      ])
      expect(table.masterAddress('other')).toBeUndefined()
    })

    it('by the newest route that names them, whatever older ones of other topics say', async () => {
      const { table, refresh } = setUp()
      await refresh('A', routeOf('b', 'h:old'))
      await refresh('B', routeOf('b', 'h:new'))
      await refresh('A', routeOf('b', 'h:old'))
      expect(table.masterAddress('b')).toBe('h:new')
      expect(table.addresses()).toEqual([{ brokerName: 'b', brokerId: 0, address: 'h:new' }])
    })

    it('as long as a route names them', async () => {
      const { table, refresh } = setUp()
      await refresh('A', routeOf('a', 'h:1'))
      await refresh('B', routeOf('b', 'h:2'))
      await refresh('A', routeOf('b', 'h:2'))
      expect(table.masterAddress('a')).toBeUndefined()
      table.forget('A')
      expect(table.masterAddress('b')).toBe('h:2')
      table.forget('B')
      expect(table.addresses()).toEqual([])
    })
  })

  it('fetches a route without keeping it', async () => {
    const { table, answer, changed } = setUp()
    const fetched = table.fetch('T')
    answer(routeOf('b', 'h:1'))
    await expect(fetched).resolves.toEqual(routeOf('b', 'h:1'))
    expect([table.get('T'), table.addresses(), changed]).toEqual([undefined, [], []])
  })

  it('forgets a topic', async () => {
    const { table, refresh } = setUp()
    await refresh('T', routeOf('b', 'h:1'))
    table.forget('T')
    expect([table.get('T'), table.publishInfo('T')]).toEqual([undefined, undefined])
  })

  it('forgets all topics but some, and the brokers that none of these names', async () => {
    const { table, refresh } = setUp()
    await refresh('A', routeOf('a', 'h:1'))
    await refresh('B', routeOf('b', 'h:2'))
    table.keepOnly(new Set(['B', 'unknown']))
    expect([table.get('A'), table.get('B')]).toEqual([undefined, routeOf('b', 'h:2')])
    expect([table.masterAddress('a'), table.masterAddress('b')]).toEqual([undefined, 'h:2'])
  })
})

describe('the host of a queue', () => {
  it('is its own broker, or of static topics the one that the route tells', async () => {
    const logicalQueues = new Map([['__syslo__global__', new Map([[0, 'a']])]])
    const nameServers = {
      invoke: () => Promise.resolve({ code: 'SUCCESS', body: { queueDatas: [], brokerDatas: [], logicalQueues } }),
    }
    const table = new RouteTable(nameServers as never, () => undefined)
    const queue = (brokerName: string, queueId = 0) => ({ topic: 'S', brokerName, queueId })
    await table.refresh('S')
    expect(table.hostOf(queue('b'))).toBe('b')
    expect(table.hostOf(queue('__syslo__global__'))).toBe('a')
    expect(table.hostOf(queue('__syslo__global__', 9))).toBe('__syslo__global__')
  })
})
