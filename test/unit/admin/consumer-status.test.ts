import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../../lib/commands/callback'
import { HEART_BEAT } from '../../../lib/commands/client'
import { CONSUME_MESSAGE_DIRECTLY, GET_CONSUMER_RUNNING_INFO } from '../../../lib/commands/consumer-status'
import { AdminSite } from '../../support/admin-site'
import { consumerData } from '../../support/emulator-site'

const MEMBER = { consumerGroup: 'billing', clientId: 'c@1' }
const INFO = { properties: new Map([['a', 'b']]), subscriptionSet: [], mqTable: [], statusTable: new Map() }

/** A member of the group on one of two brokers. */
async function started(brokerIndex = 0) {
  const site = await AdminSite.start({ brokers: 2, topics: { Orders: 1 } })
  const { frames } = site
  const member = frames.newClient()
  const consumerDataSet = [consumerData('billing', ['Orders'])]
  const body = { clientID: 'c@1', producerDataSet: [], consumerDataSet }
  await member.invoke(frames.addressOf(brokerIndex), HEART_BEAT, { body })
  return { site, member, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() }
}

describe('consumerRunningInfo', () => {
  it.each([0, 1])('finds the broker that the member is connected to: %i', async brokerIndex => {
    await using parts = await started(brokerIndex)
    const asked: unknown[] = []
    parts.member.handlers.on(GET_CONSUMER_RUNNING_INFO, ({ header }) => {
      asked.push(header.jstackEnable)
      return { code: 'SUCCESS' as const, body: INFO }
    })
    const { admin } = parts.site
    expect((await admin.consumerRunningInfo(MEMBER)).properties).toEqual(new Map([['a', 'b']]))
    await admin.consumerRunningInfo(MEMBER, { jstack: true })
    expect(asked).toEqual([false, true])
  })

  it('rejects where no broker knows the member, and at once where a broker cannot ask it', async () => {
    await using parts = await started()
    const { site, member } = parts
    await expect(site.admin.consumerRunningInfo({ ...MEMBER, clientId: 'c@2' })).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark: 'The Consumer <billing> <c@2> not online',
    })
    const seen = site.seen('GET_CONSUMER_RUNNING_INFO')
    member.handlers.on(GET_CONSUMER_RUNNING_INFO, () => {
      throw new Error('it does not want to')
    })
    await expect(site.admin.consumerRunningInfo(MEMBER)).rejects.toMatchObject({
      remark: 'Error: it does not want to',
    })
    expect(seen.map(({ broker }) => broker)).toEqual(['broker-a'])
  })

  it('checks its arguments', async () => {
    await using parts = await started()
    const { admin } = parts.site
    await expect(admin.consumerRunningInfo({ ...MEMBER, consumerGroup: 'no good' })).rejects.toMatchObject({
      code: 'INVALID_GROUP',
    })
    await expect(admin.consumerRunningInfo({ ...MEMBER, clientId: '' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

describe('consumerStatus', () => {
  it('tells the offsets of each member', async () => {
    await using parts = await started()
    const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 0 }
    parts.member.handlers.on(GET_CONSUMER_STATUS_FROM_CLIENT, () => ({
      code: 'SUCCESS' as const,
      body: { messageQueueTable: [[queue, 7]] as const },
    }))
    expect(await parts.site.admin.consumerStatus('billing', 'Orders')).toEqual([{ clientId: 'c@1', queue, offset: 7 }])
  })

  it('rejects for a topic that there is not', async () => {
    await using parts = await started()
    await expect(parts.site.admin.consumerStatus('billing', 'Nothing')).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
  })
})

describe('consumeMessageDirectly', () => {
  it('asks the broker that stores the message', async () => {
    await using parts = await started()
    const { site, member } = parts
    const stored = await site.frames.send('Orders', { body: 'hello' })
    const { msgId } = (stored as { header: { msgId: string } }).header
    const result = { order: true, autoCommit: true, consumeResult: 'CR_LATER', spentTimeMills: 5 } as const
    member.handlers.on(CONSUME_MESSAGE_DIRECTLY, () => ({ code: 'SUCCESS' as const, body: result }))
    const message = await site.admin.viewMessage(msgId)
    expect(await site.admin.consumeMessageDirectly(MEMBER, message)).toMatchObject(result)
  })
})
