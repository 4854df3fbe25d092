import { type Hold, QueueLoop } from '../../../../lib/consumer/pull/queue-loop'
import { RocketMQError } from '../../../../lib/errors'
import { FakeClient, deferred } from '../../../support/fake-client'

const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }

function setup() {
  const client = new FakeClient()
  const site = {
    abort: new AbortController(),
    hold: undefined as Hold | undefined,
    rounds: [] as ReturnType<typeof deferred<void>>[],
    stalled: 0,
    errors: [] as RocketMQError[],
  }
  const loop = new QueueLoop({
    client: client.asClient,
    queue,
    kind: 'pull',
    roundMs: 30_000,
    signal: () => site.abort.signal,
    hold: () => site.hold,
    ask: () => {
      const round = deferred<void>()
      site.rounds.push(round)
      return round.promise
    },
    onStalled: () => {
      site.stalled++
      loop.restart()
    },
    onBackgroundError: error => void site.errors.push(error),
  })
  const end = async (): Promise<void> => {
    site.abort.abort()
    for (const round of site.rounds) round.resolve()
    await loop.ended()
  }
  loop.start()
  loop.start()
  return { client, site, loop, end }
}

describe('a loop of a queue', () => {
  it('asks once at a time, and says when it did', async () => {
    const { client, site, loop, end } = setup()
    await client.clock.advance(500)
    expect([site.rounds.length, loop.doing, loop.idleMs]).toEqual([1, 'pulls', 500])
    site.rounds[0]?.resolve()
    await client.settle()
    expect([site.rounds.length, loop.lastAskedAt, loop.idleMs]).toEqual([2, client.clock.monotonic(), 0])
    await end()
    expect(site.rounds).toHaveLength(2)
  })

  it('looks again when what holds it has ended, or after a second, and is not idle meanwhile', async () => {
    const { client, site, loop, end } = setup()
    const held = deferred<void>()
    site.hold = { doing: 'is paused', end: held.promise }
    site.rounds[0]?.resolve()
    await client.clock.advance(5000)
    expect([site.rounds.length, loop.doing, loop.idleMs]).toEqual([1, 'is paused', 0])
    site.hold = { doing: 'waits for its lock' }
    held.resolve()
    await client.clock.advance(999)
    expect(loop.doing).toBe('waits for its lock')
    site.hold = undefined
    await client.clock.advance(1)
    expect(site.rounds).toHaveLength(2)
    await end()
  })

  it('waits longer after each failure until a round goes well', async () => {
    const { client, site, loop, end } = setup()
    const fail = async (): Promise<void> => {
      site.rounds.at(-1)?.reject(new RocketMQError('CONNECT_FAILED', 'no'))
      await client.settle()
    }
    await fail()
    expect(loop.doing).toBe('waits after failure 1')
    await client.clock.advance(100)
    await fail()
    expect([loop.doing, site.errors.length]).toEqual(['waits after failure 2', 2])
    await client.clock.advance(3000)
    site.rounds.at(-1)?.resolve()
    await client.settle()
    await fail()
    expect(loop.doing).toBe('waits after failure 1')
    await end()
  })

  it('goes on with a new signal when the round under way was called off, which is no failure', async () => {
    const { client, site, end } = setup()
    const { abort } = site
    site.abort = new AbortController()
    abort.abort()
    site.rounds[0]?.reject(new RocketMQError('ABORTED', 'called off'))
    await client.settle()
    expect([site.rounds.length, site.errors]).toEqual([2, []])
    await end()
  })

  it('is told to the watchdog when a round hangs, whose successor goes on alone', async () => {
    const { client, site, end } = setup()
    await client.clock.advance(150_001)
    for (let i = 0; i < 2; i++) client.watchdog.look()
    expect([site.stalled, site.rounds.length]).toEqual([1, 2])
    expect(site.errors[0]).toMatchObject({
      code: 'LOOP_STALLED',
      message: expect.stringContaining('the pull loop of queue 1 of Orders on broker-a') as string,
    })
    site.rounds[0]?.resolve()
    await client.settle()
    expect(site.rounds).toHaveLength(2)
    await end()
  })

  it('is watched no more from when its end is awaited', async () => {
    const { client, site, loop } = setup()
    site.abort.abort()
    const ended = loop.ended()
    await client.clock.advance(200_000)
    for (let i = 0; i < 2; i++) client.watchdog.look()
    expect(site.stalled).toBe(0)
    site.rounds[0]?.resolve()
    await ended
  })
})
