import { CHECK_CLIENT_CONFIG } from '../../../../lib/commands/client'
import { brokerError } from '../../../../lib/commands/response-code'
import { applySubscription } from '../../../../lib/consumer/rebalance/apply-subscription'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import type { RocketMQError } from '../../../../lib/errors'
import type { SubscriptionExpression } from '../../../../lib/model/message-selector'
import { FakeClient, deferred } from '../../../support/fake-client'

const SQL = { sql92: 'a > 1' }
const SUCCESS = { code: 'SUCCESS' }

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 1 })
  const subscriptions = new Subscriptions(client.clock)
  const changed: string[] = []
  const errors: RocketMQError[] = []
  const subscribe = async (expression: SubscriptionExpression, isRunning = true): Promise<void> => {
    applySubscription(subscriptions.prepare('T', expression), {
      group: 'g',
      client: isRunning ? client.asClient : undefined,
      onChanged: topic => changed.push(topic),
      onBackgroundError: error => errors.push(error),
    })
    await client.settle()
  }
  return { client, subscriptions, changed, errors, subscribe }
}

describe('a subscription that is changed', () => {
  it('by tags counts at once, and nobody is asked', async () => {
    const { client, subscriptions, changed, subscribe } = await setup()
    await subscribe('a || b')
    expect([subscriptions.get('T')?.subString, changed]).toEqual(['a || b', ['T']])
    expect(client.sent(CHECK_CLIENT_CONFIG)).toEqual([])
  })

  it('to a condition counts at once while the consumer does not run, as its start asks', async () => {
    const { client, subscriptions, subscribe } = await setup()
    await subscribe(SQL, false)
    expect(subscriptions.get('T')).toMatchObject({ expressionType: 'SQL92' })
    expect(client.sent(CHECK_CLIENT_CONFIG)).toEqual([])
  })

  it('to a condition counts once brokers have agreed', async () => {
    const { client, subscriptions, changed, subscribe } = await setup()
    const { promise, resolve } = deferred<unknown>()
    client.on(CHECK_CLIENT_CONFIG, () => promise)
    await subscribe(SQL)
    expect([subscriptions.get('T'), changed]).toEqual([undefined, []])
    resolve(SUCCESS)
    await client.settle()
    expect([subscriptions.get('T')?.subString, changed]).toEqual(['a > 1', ['T']])
  })

  it('to a condition that brokers refuse stays as it was, and that is told', async () => {
    const { client, subscriptions, changed, errors, subscribe } = await setup()
    client.on(CHECK_CLIENT_CONFIG, () => Promise.reject(brokerError(23, 'no such thing')))
    await subscribe('a')
    await subscribe(SQL)
    expect([subscriptions.get('T')?.subString, changed]).toEqual(['a', ['T']])
    expect(errors).toMatchObject([{ code: 'INVALID_EXPRESSION', topic: 'T' }])
  })

  it('to a condition is overtaken by what was asked for later', async () => {
    const { client, subscriptions, changed, subscribe } = await setup()
    const { promise, resolve } = deferred<unknown>()
    client.on(CHECK_CLIENT_CONFIG, () => promise)
    await subscribe(SQL)
    await subscribe('b')
    resolve(SUCCESS)
    await client.settle()
    expect([subscriptions.get('T')?.subString, changed]).toEqual(['b', ['T']])
  })
})
