import type { PullLoop } from '../../../../lib/consumer/push/pull-loop'
import { setup, started } from '../../../support/consumption-setup'
import { deferred } from '../../../support/fake-client'
import { tellingOffsetStore } from '../../../support/telling-offset-store'

describe('the end of a consumption', () => {
  it('waits for listeners, writes progress down and takes everything back', async () => {
    const { client, calls, commits, consumption } = await started({ ordered: 'queue' })
    let ended = false
    const ending = consumption.stop(10_000).then(() => (ended = true))
    await client.settle()
    expect(ended).toBe(false)
    calls[0]?.end()
    await ending
    expect(commits()).toEqual(['0:6 confirmed', '1:5 confirmed'])
    expect(client.requests.at(-1)).toMatchObject({ command: 'UNLOCK_BATCH_MQ', oneway: false })
    expect(client.callbacks).toEqual([])
    const before = client.requests.length
    await client.clock.advance(120_000)
    expect(client.requests).toHaveLength(before)
  })

  it('hands out nothing more, though a broker that is gone keeps the rebalance from ending', async () => {
    const { client, state, calls, consumption, members } = await started()
    const telling = deferred()
    client.onHeartbeat = () => telling.promise
    members.ids = [client.clientId, '10.0.0.9@9']
    await client.clock.advance(20_000)
    const ending = expect(consumption.stop(1000)).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE' })
    state.messages = 3
    await client.clock.advance(30_000)
    await ending
    expect(calls).toHaveLength(1)
    calls[0]?.end()
    telling.resolve()
    await client.settle()
    expect(calls).toHaveLength(1)
  })

  it('ends at its limit also where a loop hangs', async () => {
    const { client, calls, consumption } = await started()
    calls[0]?.end()
    const [assignment] = consumption.assignments.all
    jest.spyOn(assignment?.pullLoop as PullLoop, 'stop').mockReturnValue(new Promise(() => undefined))
    const ending = expect(consumption.stop(1000)).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE' })
    await client.clock.advance(1000)
    await ending
  })

  it('ends at its limit, and commits nothing that comes later', async () => {
    const { client, calls, commits, consumption } = await started()
    const ending = expect(consumption.stop(1000)).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE', group: 'g' })
    await client.clock.advance(1000)
    await ending
    expect(commits()).toEqual(['0:5 confirmed', '1:5 confirmed'])
    calls[0]?.end()
    await client.settle()
    expect(commits()).toHaveLength(2)
  })

  it('does not wait for ever for a store of the user’s own that never answers', async () => {
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const offsetStore = { ...tellingOffsetStore(5), persist: hangs }
    const { client, calls, consumption } = await started({ offsetStore })
    calls[0]?.end()
    await client.settle()
    const ending = consumption.stop(1000)
    await client.clock.advance(10_000)
    await ending
    expect(client.reported).toContainEqual(expect.objectContaining({ code: 'OFFSET_STORE_FAILED' }))
  })

  it('ends at its limit also where such a store holds up a duty that was due before', async () => {
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const { client, calls, consumption } = await started({ offsetStore: { ...tellingOffsetStore(5), persist: hangs } })
    calls[0]?.end()
    await client.clock.advance(10_000)
    const ending = expect(consumption.stop(1000)).rejects.toMatchObject({
      code: 'SHUTDOWN_INCOMPLETE',
      message: expect.stringContaining('what it does by itself did not end within 1000 ms'),
    })
    await client.clock.advance(11_000)
    await ending
    expect(client.callbacks).toEqual([])
    expect(consumption.assignments.all.map(({ processQueue }) => processQueue.dropped)).toEqual([true, true])
  })

  it('before or while it starts leaves nothing running behind', async () => {
    for (const stopFirst of [true, false]) {
      const loading = deferred()
      const offsetStore = { load: () => loading.promise } as never
      const { client, consumption } = await setup({
        offsetStore: new Proxy(offsetStore, {
          get: (target, name) => (target as Record<string | symbol, unknown>)[name] ?? (async () => undefined),
        }),
      })
      if (stopFirst) await consumption.stop(1000)
      const starting = consumption.start()
      if (!stopFirst) await consumption.stop(1000)
      loading.resolve()
      await starting
      await client.clock.advance(120_000)
      expect(client.callbacks).toEqual([])
      expect(client.requests.map(({ command }) => command)).toEqual(['GET_ROUTEINFO_BY_TOPIC'])
    }
  })
})
