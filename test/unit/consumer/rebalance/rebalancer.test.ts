import { GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../../lib/commands/route'
import type { AllocateMessageQueueStrategy } from '../../../../lib/consumer/allocate/allocate-strategy'
import { allocateAveragely } from '../../../../lib/consumer/allocate/averagely'
import { Rebalancer, type RebalancerOptions } from '../../../../lib/consumer/rebalance/rebalancer'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import { RocketMQError } from '../../../../lib/errors'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { FakeClient, deferred } from '../../../support/fake-client'

/** Queues that are ours, without anything behind them. */
class FakeAssignments {
  queues: MessageQueue[] = []
  readonly log: string[]
  /** Queues that cannot be taken at present. */
  readonly stubborn = new Set<number>()

  constructor(log: string[]) {
    this.log = log
  }

  assign(topic: string, wanted: readonly MessageQueue[]) {
    const ours = this.queues.filter(queue => queue.topic === topic)
    const isIn = (list: readonly MessageQueue[], { queueId }: MessageQueue): boolean =>
      list.some(queue => queue.queueId === queueId)
    const removed = ours.filter(queue => !isIn(wanted, queue))
    const missing = wanted.filter(queue => !isIn(ours, queue))
    const added = missing.filter(({ queueId }) => !this.stubborn.has(queueId))
    this.queues = [...this.queues.filter(queue => !removed.includes(queue)), ...added]
    this.log.push(`assign ${topic} ${wanted.map(({ queueId }) => queueId).join(',')}`)
    return Promise.resolve({ added, removed, complete: added.length === missing.length })
  }

  startPulling(queues: readonly MessageQueue[]): void {
    this.log.push(`pull ${queues.map(({ queueId }) => queueId).join(',')}`)
  }
}

async function setup(options: Partial<RebalancerOptions> = {}) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 4 })
  const members = { ids: [client.clientId] }
  client.on(GET_CONSUMER_LIST_BY_GROUP, () => ({ code: 'SUCCESS', body: { consumerIdList: members.ids } }))
  const subscriptions = new Subscriptions(client.clock)
  subscriptions.add('T', '*')
  const log: string[] = []
  client.onHeartbeat = () => log.push('heartbeat')
  const assignments = new FakeAssignments(log)
  const errors: RocketMQError[] = []
  const rebalancer = new Rebalancer({
    client: client.asClient,
    consumerGroup: 'g',
    messageModel: 'CLUSTERING',
    strategy: allocateAveragely,
    subscriptions,
    assignments,
    onAssigned: queues => log.push(`assigned ${queues.map(({ queueId }) => queueId).join(',')}`),
    onRevoked: queues => log.push(`revoked ${queues.map(({ queueId }) => queueId).join(',')}`),
    onBackgroundError: error => errors.push(error),
    ...options,
  })
  /** A round, after the least interval between two. */
  const round = async (): Promise<string[]> => {
    log.length = 0
    const done = rebalancer.kick()
    await client.clock.advance(1000)
    await done
    return [...log]
  }
  return { client, members, subscriptions, assignments, errors, log, rebalancer, round }
}

describe('a round', () => {
  it('takes our share, tells brokers once, and only then pulls and tells the user', async () => {
    const { members, client, round } = await setup()
    members.ids = ['10.0.0.9@9', client.clientId]
    expect(await round()).toEqual(['assign T 0,1', 'heartbeat', 'pull 0,1', 'assigned 0,1'])
  })

  it('gives back what is no longer our share', async () => {
    const { members, client, round } = await setup()
    await round()
    members.ids = [client.clientId, '10.0.0.9@9']
    expect(await round()).toEqual(['assign T 0,1', 'heartbeat', 'pull 0,1', 'revoked 2,3'])
  })

  it('that changes nothing tells nobody', async () => {
    const { round } = await setup()
    await round()
    expect(await round()).toEqual(['assign T 0,1,2,3', 'pull 0,1,2,3'])
  })

  it('has brokers hear of a newer subscription of the topics that changed, with its heartbeat', async () => {
    const { client, subscriptions, round } = await setup()
    const before = subscriptions.get('T')?.subVersion ?? 0
    let told = 0
    client.onHeartbeat = () => (told = subscriptions.get('T')?.subVersion ?? 0)
    await round()
    expect(told).toBeGreaterThan(before)
    await round()
    expect(subscriptions.get('T')?.subVersion).toBe(told)
  })

  it('sends one heartbeat for all topics together', async () => {
    const { client, subscriptions, round } = await setup()
    client.topic('U', { a: 2 })
    subscriptions.add('U', '*')
    const log = await round()
    expect(log.filter(line => line === 'heartbeat')).toHaveLength(1)
    expect(log.at(-1)).toMatch(/^assigned/)
  })

  it('takes all queues for itself when broadcasting, and asks for no members', async () => {
    const { client, round } = await setup({ messageModel: 'BROADCASTING' })
    expect((await round())[0]).toBe('assign T 0,1,2,3')
    expect(client.sent(GET_CONSUMER_LIST_BY_GROUP)).toEqual([])
  })

  it('gives back the queues of a topic that is no longer wanted', async () => {
    const { subscriptions, round } = await setup()
    await round()
    subscriptions.remove('T')
    expect(await round()).toEqual(['assign T ', 'heartbeat', 'pull ', 'revoked 0,1,2,3'])
  })

  it('asks for the route of a topic that is not known yet, and tells where there is none', async () => {
    const { client, subscriptions, errors, round } = await setup()
    subscriptions.add('New', '*')
    subscriptions.add('%RETRY%g', '*')
    await round()
    const message = expect.stringContaining('nothing is received until it is created') as string
    expect(errors).toEqual([expect.objectContaining({ code: 'TOPIC_NOT_FOUND', topic: 'New', group: 'g', message })])
    client.topic('New', { a: 1 })
    expect(await round()).toContain('assign New 0')
    expect(errors).toHaveLength(1)
  })

  it('hands the strategy sorted queues and members', async () => {
    const seen: unknown[] = []
    const strategy: AllocateMessageQueueStrategy = {
      name: 'SEEN',
      allocate: input => {
        seen.push(input)
        return []
      },
    }
    const { client, members, round } = await setup({ strategy })
    members.ids = ['b', client.clientId, 'a']
    await round()
    expect(seen).toEqual([
      {
        consumerGroup: 'g',
        clientId: client.clientId,
        clientIds: [client.clientId, 'a', 'b'],
        queues: [0, 1, 2, 3].map(queueId => ({ topic: 'T', brokerName: 'a', queueId })),
      },
    ])
  })

  it('counts a member once that brokers list for each of its connections, of which one may be dead', async () => {
    const { client, members, rebalancer, log } = await setup()
    members.ids = [client.clientId, client.clientId]
    await rebalancer.kick()
    expect(log).toContain('assign T 0,1,2,3')
  })

  it('takes each queue once, and none of another topic, whatever a strategy says', async () => {
    const strategy: AllocateMessageQueueStrategy = {
      name: 'FIXED',
      allocate: ({ queues }) => [
        ...queues.slice(0, 2),
        ...queues.slice(0, 1),
        { topic: 'U', brokerName: 'a', queueId: 7 },
      ],
    }
    const { round } = await setup({ strategy })
    expect((await round())[0]).toBe('assign T 0,1')
  })
})

describe('a round that cannot tell our share', () => {
  it('keeps what we hold where no members are listed', async () => {
    const { client, errors, assignments, round } = await setup()
    await round()
    client.on(GET_CONSUMER_LIST_BY_GROUP, () => {
      throw new RocketMQError('REQUEST_TIMEOUT', 'no answer')
    })
    expect(new Set(await round())).toEqual(new Set(['pull 0,1,2,3']))
    expect(assignments.queues).toHaveLength(4)
    expect(errors[0]).toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it('asks other brokers where one does not answer, or does not list us', async () => {
    const { client, errors, log, round } = await setup()
    const asked: string[] = []
    client.on(GET_CONSUMER_LIST_BY_GROUP, ({ address }) => {
      asked.push(address)
      if (asked.length === 1) throw new RocketMQError('REQUEST_TIMEOUT', 'no answer')
      return { code: 'SUCCESS', body: { consumerIdList: [client.clientId] } }
    })
    expect(await round()).toContain('assigned 0,1,2,3')
    expect(new Set(asked).size).toBe(2)
    asked.length = 0
    client.on(GET_CONSUMER_LIST_BY_GROUP, ({ address }) => {
      asked.push(address)
      return { code: 'SUCCESS', body: { consumerIdList: asked.length === 1 ? [] : [client.clientId, '99'] } }
    })
    expect(await round()).toContain('revoked 2,3')
    expect([errors, log.length > 0]).toEqual([[], true])
  })

  it('keeps what we hold where the broker does not list us, and says why nothing comes', async () => {
    const { members, errors, assignments, round } = await setup()
    await round()
    members.ids = ['10.0.0.9@9']
    await round()
    expect(assignments.queues).toHaveLength(4)
    expect(errors[0]).toMatchObject({
      group: 'g',
      topic: 'T',
      message: expect.stringContaining('does not list this client'),
    })
  })

  it('keeps what we hold where the strategy throws', async () => {
    const { errors, round } = await setup({
      strategy: {
        name: 'BROKEN',
        allocate: () => {
          throw new TypeError('a defect')
        },
      },
    })
    await round()
    expect(errors[0]).toMatchObject({ code: 'INVALID_STATE', topic: 'T', cause: expect.any(TypeError) })
  })

  it('is repeated after a second, not at the next interval', async () => {
    const { client, members, log, rebalancer } = await setup()
    members.ids = []
    await rebalancer.kick()
    members.ids = [client.clientId]
    await client.clock.advance(999)
    expect(log).not.toContain('assign T 0,1,2,3')
    await client.clock.advance(1)
    expect(log).toContain('assigned 0,1,2,3')
  })

  it('is repeated where a queue could not be taken', async () => {
    const { client, assignments, log, rebalancer } = await setup()
    assignments.stubborn.add(3)
    await rebalancer.kick()
    expect(log).toContain('assigned 0,1,2')
    assignments.stubborn.clear()
    await client.clock.advance(1000)
    expect(log.at(-1)).toBe('assigned 3')
  })
})

describe('rounds', () => {
  it('are at least a second apart, however often they are asked for', async () => {
    const { client, log, rebalancer } = await setup()
    const asked = [rebalancer.kick(), rebalancer.kick(), rebalancer.kick()]
    await client.settle()
    expect(log.filter(line => line.startsWith('assign '))).toHaveLength(1)
    await client.clock.advance(1000)
    await Promise.all(asked)
    expect(log.filter(line => line.startsWith('assign '))).toHaveLength(2)
  })

  it('go on after one that broke off, and what that had taken is pulled', async () => {
    const { client, log, round } = await setup()
    client.onHeartbeat = () => Promise.reject(new Error('a defect'))
    await round()
    expect(client.reported).toHaveLength(1)
    client.onHeartbeat = () => undefined
    await round()
    expect(log).toContain('pull 0,1,2,3')
  })
})

describe('a round that a shutdown calls off', () => {
  it.each<[string, (client: FakeClient, held: Promise<never>) => unknown]>([
    ['for the members', (client, held) => client.on(GET_CONSUMER_LIST_BY_GROUP, () => held)],
    [
      'for a route',
      (client, held) => {
        client.routes.forget('T')
        client.on(GET_ROUTEINFO_BY_TOPIC, () => held)
      },
    ],
  ])('while it asks %s ends at once, takes nothing and is no failure', async (_, hold) => {
    const { client, errors, log, rebalancer } = await setup()
    hold(client, new Promise<never>(() => undefined))
    const asked = rebalancer.kick()
    await client.settle()
    await rebalancer.stop()
    await asked
    await rebalancer.kick()
    await client.clock.advance(5000)
    expect([log, errors, client.reported]).toEqual([[], [], []])
    expect(client.logger.lines).toEqual([])
  })

  it('just as the answer comes takes nothing either', async () => {
    const { client, log, rebalancer } = await setup()
    let stopped: Promise<void> | undefined
    client.on(GET_CONSUMER_LIST_BY_GROUP, () => {
      stopped = rebalancer.stop()
      return { code: 'SUCCESS', body: { consumerIdList: [client.clientId] } }
    })
    await rebalancer.kick()
    await stopped
    expect(log).toEqual([])
  })

  it('while queues are taken is waited for: brokers hear of them and they are told, but nothing is pulled', async () => {
    const { client, assignments, errors, log, rebalancer } = await setup()
    const taken = deferred()
    const assign = assignments.assign.bind(assignments)
    jest.spyOn(assignments, 'assign').mockImplementation(async (...queues) => {
      await taken.promise
      return assign(...queues)
    })
    void rebalancer.kick()
    await client.settle()
    let ended = false
    const ending = rebalancer.stop().then(() => (ended = true))
    await client.settle()
    expect(ended).toBe(false)
    taken.resolve()
    await ending
    expect(log).toEqual(['assign T 0,1,2,3', 'heartbeat', 'assigned 0,1,2,3'])
    expect([errors, client.reported]).toEqual([[], []])
  })

  it('while brokers are told ends with them, and pulls nothing', async () => {
    const { client, log, rebalancer } = await setup()
    const told = deferred()
    client.onHeartbeat = () => told.promise
    void rebalancer.kick()
    await client.settle()
    const ending = rebalancer.stop()
    told.resolve()
    await ending
    expect(log).toEqual(['assign T 0,1,2,3', 'assigned 0,1,2,3'])
  })

  it('asks for no other round, though not all could be taken', async () => {
    const { client, assignments, log, rebalancer } = await setup()
    assignments.stubborn.add(3)
    const told = deferred()
    client.onHeartbeat = () => told.promise
    void rebalancer.kick()
    await client.settle()
    const ending = rebalancer.stop()
    told.resolve()
    await ending
    await client.clock.advance(60_000)
    expect(log.filter(line => line.startsWith('assign '))).toHaveLength(1)
  })
})
