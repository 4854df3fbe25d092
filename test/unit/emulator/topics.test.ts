import { type EmulatedVersion, GENERATIONS } from '../../../lib/emulator/generation'
import { type TopicConfig, Topics, topicConfig, topicConfigText } from '../../../lib/emulator/topics'

function site({ version = '5', autoCreate = true }: { version?: EmulatedVersion; autoCreate?: boolean } = {}) {
  const changed: TopicConfig[] = []
  const topics = new Topics({
    generation: GENERATIONS[version],
    clusterName: 'DefaultCluster',
    brokerName: 'broker-a',
    autoCreate,
    onChanged: config => changed.push(config),
  })
  return { topics, changed }
}

describe('Topics', () => {
  it.each(['4.9', '5'] as const)('of generation %s has the system topics of a real broker', version => {
    const names = site({ version })
      .topics.all()
      .map(({ topicName }) => topicName)
    expect(names).toEqual(expect.arrayContaining(['TBW102', 'SELF_TEST_TOPIC', 'broker-a', 'DefaultCluster']))
    expect(names.includes('rmq_sys_wheel_timer')).toBe(version === '5')
  })

  it('has no TBW102 where topics are not created by sends', () => {
    expect(site({ autoCreate: false }).topics.get('TBW102')).toBeUndefined()
  })

  it('makes the topic of a send after the topic that it names, with no more queues than that has', () => {
    const { topics, changed } = site()
    const made = topics.createFrom('Orders', 'TBW102', { queues: 100, sysFlag: 1 })
    expect(made).toMatchObject({ topicName: 'Orders', readQueueNums: 8, writeQueueNums: 8, perm: 6, topicSysFlag: 1 })
    expect(topics.createFrom('Few', 'TBW102', { queues: 3, sysFlag: 0 })?.writeQueueNums).toBe(3)
    expect(topics.createFrom('None', 'TBW102', { queues: -1, sysFlag: 0 })?.writeQueueNums).toBe(0)
    expect(changed.map(({ topicName }) => topicName)).toEqual(['Orders', 'Few', 'None'])
  })

  it('makes none after a topic that is unknown or lets nobody inherit', () => {
    const { topics } = site()
    topics.put(topicConfig('Plain', 4))
    expect(topics.createFrom('Orders', 'Unknown', { queues: 4, sysFlag: 0 })).toBeUndefined()
    expect(topics.createFrom('Orders', 'Plain', { queues: 4, sysFlag: 0 })).toBeUndefined()
    expect(topics.get('Orders')).toBeUndefined()
  })

  it('makes a topic that the broker needs once, and changes only its order', () => {
    const { topics, changed } = site()
    topics.ensure('%RETRY%g', 1)
    topics.ensure('%RETRY%g', 5)
    expect(changed).toHaveLength(1)
    expect(topics.ensure('%RETRY%g', 5, { order: true })).toMatchObject({ readQueueNums: 1, order: true })
    expect(changed).toHaveLength(2)
  })

  it('refuses more queues than memory is for', () => {
    const { topics, changed } = site()
    expect(() => topics.put(topicConfig('Huge', 1, { readQueueNums: 2 ** 31 - 1 }))).toThrow('at most 65535 queues')
    expect(() => topics.ensure('%RETRY%g', 65_536)).toThrow('at most 65535 queues')
    topics.put(topicConfig('Large', 65_535))
    expect(changed.map(({ topicName }) => topicName)).toEqual(['Large'])
  })

  it('protects the topics of the system', () => {
    const { topics } = site()
    topics.put(topicConfig('Orders', 1))
    expect(['TBW102', 'SCHEDULE_TOPIC_XXXX', 'broker-a', 'rmq_sys_mine'].map(name => topics.isSystem(name))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(topics.isSystem('Orders')).toBe(false)
  })

  it('deletes', () => {
    const { topics } = site()
    topics.put(topicConfig('Orders', 1))
    topics.delete('Orders')
    expect(topics.get('Orders')).toBeUndefined()
  })
})

describe('topicConfigText', () => {
  it('is as real remarks show a topic, with attributes in generation 5 only', () => {
    const config = topicConfig('Orders', 4, { attributes: new Map([['message.type', 'FIFO']]) })
    const common =
      'TopicConfig [topicName=Orders, readQueueNums=4, writeQueueNums=4, perm=RW-, topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false'
    expect(topicConfigText(config, GENERATIONS['4.9'])).toBe(`${common}]`)
    expect(topicConfigText(config, GENERATIONS['5'])).toBe(`${common}, attributes={message.type=FIFO}]`)
  })
})
