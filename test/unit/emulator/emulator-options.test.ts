import { type EmulatorOptions, resolveOptions, resolveTopic } from '../../../lib/emulator/emulator-options'

describe('resolveOptions', () => {
  it('leaves nothing open', () => {
    expect(resolveOptions({})).toMatchObject({
      brokers: [{ name: 'broker-a', slaves: 0 }],
      nameServers: 1,
      nameServerPort: 0,
      topics: [],
      autoCreateTopic: true,
      clusterName: 'DefaultCluster',
      version: '5',
      host: '127.0.0.1',
      maxStoreBytes: 512 * 1024 * 1024,
      maxMessageSize: 4 * 1024 * 1024,
      enablePropertyFilter: true,
      recallMessageEnable: false,
      allowProduction: false,
    })
  })

  it('names brokers that are only counted', () => {
    expect(resolveOptions({ brokers: 3 }).brokers.map(({ name }) => name)).toEqual(['broker-a', 'broker-b', 'broker-c'])
    expect(new Set(resolveOptions({ brokers: 64 }).brokers.map(({ name }) => name)).size).toBe(64)
  })

  it.each([
    [{ brokers: 0 }, 'brokers'],
    [{ brokers: [] }, 'brokers'],
    [{ brokers: [{ name: 'a' }, { name: 'a' }] }, 'brokers'],
    [{ brokers: [{ name: '' }] }, 'brokers'],
    [{ brokers: [{ name: 'a', slaves: -1 }] }, 'slaves of a'],
    [{ brokers: [{ name: 'broker a' }] }, 'name of a broker'],
    [{ clusterName: '' }, 'clusterName'],
    [{ host: 5 }, 'host'],
    [null, 'options'],
    [{ clock: {} }, 'clock'],
    [{ nameServers: 0 }, 'nameServers'],
    [{ nameServerPort: 65_536 }, 'nameServerPort'],
    [{ maxStoreBytes: 0 }, 'maxStoreBytes'],
    [{ maxMessageSize: 1.5 }, 'maxMessageSize'],
    [{ maxMessageSize: 16_515_073 }, 'maxMessageSize'],
    [{ topics: 5 }, 'topics'],
    [{ topics: ['T'] }, 'topics'],
    [{ topics: { Orders: { queue: 4 } } }, 'there is no queue'],
    [{ brokers: [{ name: 'a', slave: 1 }] }, 'there is no slave'],
    [{ broker: 2 }, 'there is no broker'],
    [{ autoCreateTopic: 'no' }, 'autoCreateTopic'],
    [{ delayLevels: 5 }, 'delayLevels'],
    [{ logger: 5 }, 'logger'],
    [{ version: '3' }, 'version'],
    [{ topics: { Orders: -1 } }, 'topics.Orders.readQueueNums'],
    [{ topics: { Orders: { queues: 4, writeQueueNums: 70_000 } } }, 'topics.Orders.writeQueueNums'],
  ])('refuses %j and names %s', (options, name) => {
    expect(() => resolveOptions(options as EmulatorOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) as string }),
    )
  })

  it('refuses a topic that could not exist', () => {
    expect(() => resolveOptions({ topics: { 'Or ders': 1 } })).toThrow(
      expect.objectContaining({ code: 'INVALID_TOPIC' }),
    )
  })
})

describe('resolveTopic', () => {
  it('takes a number of queues or settings', () => {
    expect(resolveTopic('Orders', 4)).toMatchObject({ readQueueNums: 4, writeQueueNums: 4, perm: 6, order: false })
    expect(resolveTopic('Orders', {})).toMatchObject({ readQueueNums: 8, writeQueueNums: 8 })
    expect(resolveTopic('Orders', { queues: 4, writeQueueNums: 2, perm: 4, order: true })).toMatchObject({
      readQueueNums: 4,
      writeQueueNums: 2,
      perm: 4,
      order: true,
    })
  })
})
