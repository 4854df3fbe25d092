import {
  DELETE_SUBSCRIPTIONGROUP,
  GET_CONSUMER_CONNECTION_LIST,
  GET_PRODUCER_CONNECTION_LIST,
  QUERY_TOPIC_CONSUME_BY_WHO,
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
} from '../../../../lib/commands/group'
import { groupConfig } from '../../../../lib/emulator/groups'
import { EmulatorSite, consumerData } from '../../../support/emulator-site'

const BILLING = { consumerDataSet: [consumerData('billing', ['Orders'])] }

describe('groups', () => {
  it('have the settings that they were created with', async () => {
    await using site = await EmulatorSite.start({ autoCreateGroup: false })
    await expect(site.pull('Orders')).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
    const body = groupConfig('billing', { brokerId: 1 })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    expect((await site.pull('Orders')).header.suggestWhichBrokerId).toBe(1)
  })

  it.each([
    ['4.9', 'removeOffset'],
    ['5', 'cleanOffset'],
  ] as const)(
    'of generation %s keep their offsets when they are deleted, unless %s says otherwise',
    async (version, field) => {
      await using site = await EmulatorSite.start({ version })
      await site.pull('Orders', { sysFlag: 5, commitOffset: 3 })
      await site.invoke(DELETE_SUBSCRIPTIONGROUP, { header: { groupName: 'billing' } })
      expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(3)
      await site.invoke(DELETE_SUBSCRIPTIONGROUP, { header: { groupName: 'billing', [field]: true } })
      expect(site.emulator.consumerOffset('billing', 'Orders')).toBeUndefined()
    },
  )

  it('with a wrong name are refused in generation 5', async () => {
    await using site = await EmulatorSite.start()
    const created = site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body: groupConfig('a.b') })
    await expect(created).rejects.toMatchObject({
      responseCode: 'INVALID_PARAMETER',
      remark: 'The specified group: a.b, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
    })
  })
})

describe('connections', () => {
  it('of consumers tell members and what they subscribe to', async () => {
    await using site = await EmulatorSite.start()
    await site.heartbeat(site.client, { clientID: 'c', ...BILLING })
    const reply = await site.invoke(GET_CONSUMER_CONNECTION_LIST, { header: { consumerGroup: 'billing' } })
    expect(reply).toMatchObject({
      code: 'SUCCESS',
      body: {
        connectionSet: [{ clientId: 'c', language: 'OTHER', version: 477 }],
        consumeType: 'CONSUME_PASSIVELY',
        messageModel: 'CLUSTERING',
        consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      },
    })
    if (reply.code === 'SUCCESS') expect([...reply.body.subscriptionTable.keys()]).toEqual(['Orders'])
  })

  it('of a consumer group that is not online are answered so', async () => {
    await using site = await EmulatorSite.start()
    expect(await site.invoke(GET_CONSUMER_CONNECTION_LIST, { header: { consumerGroup: 'billing' } })).toEqual({
      code: 'CONSUMER_NOT_ONLINE',
      remark: 'the consumer group[billing] not online',
    })
  })

  it('of producers tell the members of a group', async () => {
    await using site = await EmulatorSite.start()
    const ask = (producerGroup: string) => site.invoke(GET_PRODUCER_CONNECTION_LIST, { header: { producerGroup } })
    await site.heartbeat(site.client, { clientID: 'c', producerDataSet: [{ groupName: 'orders' }] })
    expect((await ask('orders')).body.connectionSet).toMatchObject([{ clientId: 'c' }])
    await expect(ask('unknown')).rejects.toMatchObject({ remark: 'the producer group[unknown] not exist' })
  })
})

describe('the groups of a topic', () => {
  it('are those that subscribe to it and those that have committed on it, each once', async () => {
    await using site = await EmulatorSite.start()
    const groups = async (topic: string) =>
      (await site.invoke(QUERY_TOPIC_CONSUME_BY_WHO, { header: { topic } })).body.groupList
    expect(await groups('Orders')).toEqual([])
    await site.pull('Orders', { consumerGroup: 'audit', sysFlag: 5, commitOffset: 3 })
    await site.heartbeat(site.client, { clientID: 'c', ...BILLING })
    expect(await groups('Orders')).toEqual(['billing', 'audit'])
    await site.pull('Orders', { consumerGroup: 'billing', sysFlag: 5, commitOffset: 3 })
    expect(await groups('Orders')).toEqual(['billing', 'audit'])
    expect(await groups('Bills')).toEqual([])
  })
})
