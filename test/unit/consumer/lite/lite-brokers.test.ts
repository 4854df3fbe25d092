import { LITE_SUBSCRIPTION_CTL } from '../../../../lib/commands/lite'
import { brokerError } from '../../../../lib/commands/response-code'
import { LiteBrokers } from '../../../../lib/consumer/lite/lite-brokers'
import { FakeClient } from '../../../support/fake-client'
import { CALL, LITE, liteClient } from '../../../support/lite-setup'

describe('what brokers are told of lite topics', () => {
  it('goes to every master, with a version that rises', async () => {
    const client = await liteClient()
    const brokers = new LiteBrokers({ client: client.asClient, ...LITE })
    const offsetOption = { type: 'POLICY', value: 1 } as const
    await brokers.tell({ action: 'PARTIAL_ADD', liteTopics: ['room-1'], offsetOption }, CALL)
    await brokers.tell({ action: 'COMPLETE_REMOVE', liteTopics: [] }, CALL)
    const told = client.sent(LITE_SUBSCRIPTION_CTL)
    expect(told.map(({ address }) => address)).toEqual(['a:10911', 'b:10911', 'a:10911', 'b:10911'])
    const common = { clientId: client.clientId, group: 'chat', topic: 'Chats' }
    expect(told[0]?.body).toEqual({
      subscriptionSet: [{ action: 'PARTIAL_ADD', ...common, liteTopicSet: ['room-1'], offsetOption, version: 1 }],
    })
    expect(told[2]?.body).toMatchObject({ subscriptionSet: [{ action: 'COMPLETE_REMOVE', version: 2 }] })
  })

  it('is too much for brokers before 5.5', async () => {
    const client = await liteClient()
    client.on(LITE_SUBSCRIPTION_CTL, () => {
      throw brokerError(3, 'not supported', { command: 'LITE_SUBSCRIPTION_CTL' })
    })
    const brokers = new LiteBrokers({ client: client.asClient, ...LITE })
    await expect(brokers.tell({ action: 'COMPLETE_ADD', liteTopics: [] }, CALL)).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      message: expect.stringContaining('5.5'),
    })
  })

  it('may be refused, as where there are too many', async () => {
    const client = await liteClient()
    client.on(LITE_SUBSCRIPTION_CTL, () => {
      throw brokerError(2018, 'quota', { command: 'LITE_SUBSCRIPTION_CTL' })
    })
    const brokers = new LiteBrokers({ client: client.asClient, ...LITE })
    await expect(brokers.tell({ action: 'PARTIAL_ADD', liteTopics: ['a'] }, CALL)).rejects.toMatchObject({
      responseCode: 'LITE_SUBSCRIPTION_QUOTA_EXCEEDED',
    })
  })

  it('needs a topic that there is', async () => {
    const brokers = new LiteBrokers({ client: new FakeClient().asClient, ...LITE })
    await expect(brokers.masters(CALL)).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })
})
