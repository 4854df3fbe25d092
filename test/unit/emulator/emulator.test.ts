import { UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { Emulator } from '../../../lib/emulator/index'
import { dialTcp } from '../../../lib/remoting/dialer'
import { ownIpv4 } from '../../../lib/runtime/own-ip'
import { EmulatorSite } from '../../support/emulator-site'

describe('Emulator', () => {
  it('starts name servers and brokers on ports of this host', async () => {
    const emulator = await Emulator.start({ brokers: [{ name: 'a', slaves: 1 }, { name: 'b' }], nameServers: 2 })
    try {
      expect(emulator.namesrvAddr).toMatch(/^127\.0\.0\.1:\d+;127\.0\.0\.1:\d+$/)
      expect(emulator.nameServers).toHaveLength(2)
      expect(emulator.brokers.map(({ name, id }) => `${name} ${id}`)).toEqual(['a 0', 'a 1', 'b 0'])
      expect(new Set(emulator.brokers.map(({ address }) => address)).size).toBe(3)
    } finally {
      await emulator.shutdown()
    }
  })

  it('listens on loopback alone unless it is told otherwise', async () => {
    const emulator = await Emulator.start()
    const other = ownIpv4()
    const { signal } = new AbortController()
    try {
      const servers = [...emulator.nameServers, ...emulator.brokers]
      expect(servers.map(({ address }) => address.split(':')[0])).toEqual(servers.map(() => '127.0.0.1'))
      for (const { address } of other === undefined ? [] : servers) {
        const knock = dialTcp({ host: other ?? '', port: Number(address.split(':')[1]) }, signal)
        await expect(knock).rejects.toThrow('ECONNREFUSED')
      }
    } finally {
      await emulator.shutdown()
    }
  })

  it('is shut down at the end of its block, and can be shut down again', async () => {
    let kept: Emulator | undefined
    {
      await using emulator = await Emulator.start()
      kept = emulator
      expect(emulator.brokers[0]?.isRunning).toBe(true)
    }
    expect(kept.brokers[0]?.isRunning).toBe(false)
    await kept.shutdown()
  })

  it('shows what is stored', async () => {
    await using site = await EmulatorSite.start({ brokers: 2 })
    await site.send('Orders', { queueId: 1, body: 'first' })
    await site.send('Orders', { queueId: 0, body: 'second', properties: { TAGS: 'a' } })
    const messages = site.emulator.messages('Orders')
    expect(messages.map(message => [message.text(), message.tags, message.queueId, message.brokerName])).toEqual([
      ['second', 'a', 0, 'broker-a'],
      ['first', undefined, 1, 'broker-a'],
    ])
    expect(site.emulator.messages('Unknown')).toEqual([])
  })

  it('shows what a group has committed', async () => {
    await using site = await EmulatorSite.start({ version: '4.9' })
    const header = { consumerGroup: 'billing', topic: 'Orders', queueId: 1, commitOffset: 7 }
    await site.invoke(UPDATE_CONSUMER_OFFSET, { header })
    const { emulator } = site
    expect(emulator.consumerOffset('billing', 'Orders', { queueId: 1, broker: 'broker-a' })).toBe(7)
    expect(emulator.consumerOffset('billing', 'Orders')).toBeUndefined()
    expect(() => emulator.consumerOffset('billing', 'Orders', { broker: 'nobody' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('broker-a') as string }),
    )
  })

  it('creates topics on every broker while it runs', async () => {
    await using site = await EmulatorSite.start({ autoCreateTopic: false })
    await expect(site.send('Bills')).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST' })
    site.emulator.createTopic('Bills', 2)
    expect((await site.send('Bills')).code).toBe('SUCCESS')
    expect(() => site.emulator.createTopic('no good')).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })

  it('lets tests wait for requests and take them over', async () => {
    await using site = await EmulatorSite.start()
    const received = site.emulator.received('SEND_MESSAGE_V2', ({ header }) => header.topic === 'Orders')
    const control = site.emulator.control('SEND_MESSAGE_V2', () => ({ code: 'SYSTEM_BUSY', remark: 'later' }))
    await expect(site.send('Orders')).rejects.toMatchObject({ responseCode: 'SYSTEM_BUSY', remark: 'later' })
    expect([(await received).body.toString(), control.seen]).toEqual(['hello', 1])
    expect((await site.send('Orders')).code).toBe('SUCCESS')
  })

  it('does not start in production unless it is told to', async () => {
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = 'production'
    try {
      await expect(Emulator.start()).rejects.toMatchObject({ code: 'INVALID_STATE' })
      await (await Emulator.start({ allowProduction: true })).shutdown()
    } finally {
      process.env['NODE_ENV'] = before
    }
  })

  it('gives the ports of some servers back where others could not start', async () => {
    // There is no port after this one.
    const options = { nameServerPort: 65_535 }
    await expect(Emulator.start({ ...options, nameServers: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await (await Emulator.start(options)).shutdown()
  })

  it('starts no server again after its shutdown', async () => {
    const emulator = await Emulator.start()
    const servers = [...emulator.brokers, ...emulator.nameServers]
    await emulator.shutdown()
    for (const server of servers) await expect(server.start()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('refuses a host that is none', async () => {
    await expect(Emulator.start({ host: 'no.such.host.invalid' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('gives its ports back where it could not start as a whole', async () => {
    const first = await Emulator.start()
    const port = Number(first.namesrvAddr.split(':')[1])
    try {
      await expect(Emulator.start({ nameServerPort: port })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    } finally {
      await first.shutdown()
    }
    const second = await Emulator.start({ nameServerPort: port })
    expect(second.namesrvAddr).toBe(first.namesrvAddr)
    await second.shutdown()
  })
})
