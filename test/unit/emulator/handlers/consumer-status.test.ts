import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../../../lib/commands/callback'
import {
  CONSUME_MESSAGE_DIRECTLY,
  GET_CONSUMER_RUNNING_INFO,
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
} from '../../../../lib/commands/consumer-status'
import { decodeOffsetMsgId } from '../../../../lib/wire/message-id'
import { decodeStoredMessages } from '../../../../lib/wire/stored-message-decoder'
import { EmulatorSite, consumerData } from '../../../support/emulator-site'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 0 }
const INFO = { properties: new Map([['PROP_CONSUME_TYPE', 'CONSUME_PASSIVELY']]), statusTable: new Map() }
const EMPTY = Buffer.alloc(0)

/** A member of the group that answers what it is asked. */
async function started() {
  const site = await EmulatorSite.start({ topics: { Orders: 1 } })
  const member = site.newClient()
  const consumerDataSet = [consumerData('billing', ['Orders'])]
  await site.heartbeat(member, { clientID: 'c@1', consumerDataSet })
  return { site, member, [Symbol.asyncDispose]: () => site.close() }
}

describe('questions to a member of a group', () => {
  it('are passed on to it, and its answer goes to who asked', async () => {
    await using parts = await started()
    const { site, member } = parts
    member.handlers.on(GET_CONSUMER_RUNNING_INFO, ({ header }) => {
      const jstack = `asked: ${header.consumerGroup} ${header.clientId} ${header.jstackEnable}`
      return { code: 'SUCCESS' as const, body: { ...INFO, subscriptionSet: [], mqTable: [], jstack } }
    })
    const header = { consumerGroup: 'billing', clientId: 'c@1', jstackEnable: true }
    const { body } = await site.invoke(GET_CONSUMER_RUNNING_INFO, { header })
    expect(body.jstack).toBe('asked: billing c@1 true')
    expect(body.properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_PASSIVELY')
  })

  it('bring its refusal, too', async () => {
    await using parts = await started()
    const { site } = parts
    const header = { consumerGroup: 'billing', clientId: 'c@1' }
    await expect(site.invoke(GET_CONSUMER_RUNNING_INFO, { header })).rejects.toMatchObject({
      responseCode: 'REQUEST_CODE_NOT_SUPPORTED',
    })
  })

  it('are refused where it is not online', async () => {
    await using parts = await started()
    const { site } = parts
    for (const member of [
      { consumerGroup: 'billing', clientId: 'c@2' },
      { consumerGroup: 'other', clientId: 'c@1' },
    ])
      await expect(site.invoke(GET_CONSUMER_RUNNING_INFO, { header: member })).rejects.toMatchObject({
        responseCode: 'SYSTEM_ERROR',
        remark: `The Consumer <${member.consumerGroup}> <${member.clientId}> not online`,
      })
  })

  it('fail where it goes away before it has answered', async () => {
    await using parts = await started()
    const { site, member } = parts
    member.handlers.on(GET_CONSUMER_RUNNING_INFO, (_request, { channel }) => void channel.close())
    const header = { consumerGroup: 'billing', clientId: 'c@1' }
    await expect(site.invoke(GET_CONSUMER_RUNNING_INFO, { header })).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark: expect.stringMatching(/^invoke consumer <billing> <c@1> Exception: /) as string,
    })
  })
})

describe('direct consumption', () => {
  it('gives the member the stored message that is named', async () => {
    await using parts = await started()
    const { site, member } = parts
    const sent = await site.send('Orders', { body: 'once more' })
    const { header: stored } = sent as { header: { msgId: string } }
    const bodies: string[] = []
    member.handlers.on(CONSUME_MESSAGE_DIRECTLY, ({ header, body }) => {
      expect(header.brokerName).toBe('broker-a')
      const context = { brokerName: 'broker-a', offsetDelta: 0 }
      bodies.push(...decodeStoredMessages(body as Buffer, context).messages.map(each => each.body.toString()))
      const result = { order: false, autoCommit: true, consumeResult: 'CR_SUCCESS', spentTimeMills: 3 } as const
      return { code: 'SUCCESS' as const, body: result }
    })
    const header = { consumerGroup: 'billing', clientId: 'c@1', topic: 'Orders', msgId: stored.msgId }
    const { body } = await site.invoke(CONSUME_MESSAGE_DIRECTLY, { header, body: EMPTY })
    expect(body).toMatchObject({ consumeResult: 'CR_SUCCESS', spentTimeMills: 3 })
    expect(bodies).toEqual(['once more'])
  })

  it('fails where there is no such message', async () => {
    await using parts = await started()
    const { site } = parts
    const { header: stored } = (await site.send('Orders')) as { header: { msgId: string } }
    expect(decodeOffsetMsgId(stored.msgId).commitLogOffset.toNumber()).toBe(0)
    const other = `${stored.msgId.slice(0, -4)}FFFF`
    for (const msgId of [other, undefined])
      await expect(
        site.invoke(CONSUME_MESSAGE_DIRECTLY, {
          header: { consumerGroup: 'billing', clientId: 'c@1', ...(msgId === undefined ? {} : { msgId }) },
          body: EMPTY,
        }),
      ).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })
})

describe('the status of a group', () => {
  it('is asked of all members, or of one; who does not answer is left out', async () => {
    await using parts = await started()
    const { site, member } = parts
    const [second, silent] = [site.newClient(), site.newClient()]
    const consumerDataSet = [consumerData('billing', ['Orders'])]
    await site.heartbeat(second, { clientID: 'c@2', consumerDataSet })
    await site.heartbeat(silent, { clientID: 'c@3', consumerDataSet })
    member.handlers.on(GET_CONSUMER_STATUS_FROM_CLIENT, () => ({
      code: 'SUCCESS' as const,
      body: { messageQueueTable: [[QUEUE, 7]] as const },
    }))
    second.handlers.on(GET_CONSUMER_STATUS_FROM_CLIENT, () => ({
      code: 'SUCCESS' as const,
      body: { messageQueueTable: [] },
    }))
    const ask = async (clientAddr?: string) => {
      const header = { topic: 'Orders', group: 'billing', ...(clientAddr === undefined ? {} : { clientAddr }) }
      const { remark, body } = await site.invoke(INVOKE_BROKER_TO_GET_CONSUMER_STATUS, { header })
      expect(remark).toBe('not set any response code')
      return body.consumerTable
    }
    expect(await ask()).toEqual(
      new Map([
        ['c@1', [[QUEUE, 7]]],
        ['c@2', []],
      ]),
    )
    expect(await ask('c@2')).toEqual(new Map([['c@2', []]]))
  })

  it('is refused for a group that is not online', async () => {
    await using parts = await started()
    const header = { topic: 'Orders', group: 'nobody' }
    await expect(parts.site.invoke(INVOKE_BROKER_TO_GET_CONSUMER_STATUS, { header })).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
    })
  })
})
