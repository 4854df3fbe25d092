import { GET_CONSUMER_RUNNING_INFO, type ConsumerRunningInfo } from '../../../lib/commands/consumer-status'
import { answerQuestions } from '../../../lib/consumer/active-questions'
import { Subscriptions } from '../../../lib/consumer/rebalance/subscriptions'
import { FakeClient } from '../../support/fake-client'

function setup() {
  const client = Object.assign(new FakeClient(), { nameServers: { addresses: ['ns:9876'] } })
  const subscriptions = new Subscriptions(client.clock)
  subscriptions.add('Orders', 'paid')
  const given = { consumerGroup: 'g', subscriptions, properties: { awaitDurationMs: 5 }, doing: () => 'waits\n' }
  const end = answerQuestions({ client: client.asClient, ...given })
  const asked = (jstackEnable: boolean) => {
    const header = { consumerGroup: 'g', clientId: client.clientId, jstackEnable }
    return (client.callback(GET_CONSUMER_RUNNING_INFO, 'g', { header }) as { body: ConsumerRunningInfo }).body
  }
  return { client, end, asked }
}

describe('a consumer without queues of its own', () => {
  it('tells administrators what it is and what it wants', () => {
    const { client, asked } = setup()
    const { properties, subscriptionSet, mqTable, jstack } = asked(false)
    expect(properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_ACTIVELY')
    expect(properties.get('PROP_NAMESERVER_ADDR')).toBe('ns:9876;')
    expect(properties.get('PROP_CONSUMER_START_TIMESTAMP')).toBe(String(client.clock.now()))
    expect(properties.get('awaitDurationMs')).toBe('5')
    expect(subscriptionSet.map(({ topic, subString }) => `${topic} ${subString}`)).toEqual(['Orders paid'])
    expect([mqTable, jstack]).toEqual([[], undefined])
  })

  it('tells what it does where that is asked, until it ends', () => {
    const { client, end, asked } = setup()
    expect(asked(true).jstack).toBe('waits\n')
    end()
    expect(client.callbacks).toEqual([])
  })
})
