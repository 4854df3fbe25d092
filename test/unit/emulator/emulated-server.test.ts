import { HEART_BEAT } from '../../../lib/commands/client'
import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { EmulatedServer } from '../../../lib/emulator/emulated-server'
import type { EmulatedVersion } from '../../../lib/emulator/generation'
import type { Channel } from '../../../lib/remoting/channel'
import { sharedParts } from '../../support/emulator-parts'
import { loopbackClient } from '../../support/loopback-client'

const REQUEST = { header: { topic: 'Orders', queueId: 0 } }

async function running(version: EmulatedVersion = '5') {
  const shared = sharedParts(version)
  const closed: Channel[] = []
  const options = { ...shared, port: 0, broker: { name: 'broker-a', id: 0 } }
  const server = new EmulatedServer({ ...options, onClosed: channel => closed.push(channel) })
  server.handlers.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS' as const, header: { offset: 5 } }))
  await server.start()
  const client = loopbackClient({ clock: shared.clock })
  return {
    ...shared,
    server,
    client,
    closed,
    ask: () => client.invoke(server.address, GET_MAX_OFFSET, REQUEST),
    close: async () => {
      await client.close()
      await server.stop()
    },
  }
}

describe('EmulatedServer', () => {
  it.each([
    ['4.9', 401],
    ['5', 513],
  ] as const)('answers as a Java server of generation %s', async (version, mqVersion) => {
    const { server, client, ask, close } = await running(version)
    try {
      expect(await ask()).toMatchObject({ code: 'SUCCESS', header: { offset: 5 } })
      expect(client.openChannel(server.address)?.peerVersion).toBe(mqVersion)
    } finally {
      await close()
    }
  })

  it('holds nothing on to a connection that has closed', async () => {
    const { server, schedule, client, closed, ask, clock, close } = await running()
    const after = jest.spyOn(schedule, 'after')
    await ask()
    const watches = after.mock.results.map(({ value }) => value as { run: unknown })
    expect(watches).toEqual([expect.objectContaining({ run: expect.any(Function) as unknown })])
    client.openChannel(server.address)?.close()
    await clock.advance(0)
    expect([closed.length, watches[0]?.run]).toEqual([1, undefined])
    await close()
  })

  it('answers what it does not know with code 3 and the remark of Java', async () => {
    const { server, client, close } = await running()
    try {
      const body = { clientID: 'c', producerDataSet: [], consumerDataSet: [] }
      await expect(client.invoke(server.address, HEART_BEAT, { body })).rejects.toMatchObject({
        responseCode: 'REQUEST_CODE_NOT_SUPPORTED',
        remark: ' request type 34 not supported',
      })
    } finally {
      await close()
    }
  })

  it('lets controls decide before its handlers', async () => {
    const { controls, ask, close } = await running()
    try {
      controls.add('GET_MAX_OFFSET', (_, { broker, brokerId, frame }) => {
        return { code: 'SYSTEM_ERROR', remark: `${broker} ${brokerId} ${frame?.version}` }
      })
      await expect(ask()).rejects.toMatchObject({ remark: 'broker-a 0 477' })
      expect(await ask()).toMatchObject({ header: { offset: 5 } })
    } finally {
      await close()
    }
  })

  it('closes a connection on which nothing moved for 120 s, and no other', async () => {
    const { server, client, clock, ask, closed, close } = await running()
    try {
      const channel = await client.connect(server.address)
      await clock.advance(90_000)
      await ask()
      await clock.advance(119_999)
      expect(closed).toEqual([])
      await clock.advance(1)
      expect(closed).toHaveLength(1)
      expect(channel.state).toBe('closed')
    } finally {
      await close()
    }
  })

  it('says which port it cannot have', async () => {
    const { server, close, ...shared } = await running()
    const port = Number(server.address.split(':')[1])
    try {
      await expect(new EmulatedServer({ ...shared, port }).start()).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(server.address) as string,
      })
    } finally {
      await close()
    }
  })

  it('tells clients the address that it was given', async () => {
    const server = new EmulatedServer({ ...sharedParts(), host: '0.0.0.0', advertisedHost: '10.0.0.7', port: 0 })
    await server.start()
    try {
      expect(server.address).toMatch(/^10\.0\.0\.7:[1-9]\d*$/)
    } finally {
      await server.stop()
    }
  })
})
