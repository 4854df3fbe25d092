import { type GroupChecker, checkGroup } from '../../../lib/client/check-group'
import type { ConsumerConnection } from '../../../lib/commands/group'
import { RocketMQError } from '../../../lib/errors'
import type { SubscriptionData } from '../../../lib/model/consumer-types'
import { buildSubscriptionData, buildTypedSubscriptionData } from '../../../lib/model/subscription'
import { Log } from '../../../lib/runtime/log'
import { consumerData } from '../../support/emulator-site'

const ROUTE = {
  queueDatas: [],
  brokerDatas: [{ cluster: 'c', brokerName: 'b', brokerAddrs: new Map([[0, '10.0.0.1:10911']]) }],
}

interface Others extends Partial<ConsumerConnection> {
  readonly subscriptions: readonly SubscriptionData[]
}

const connection = (clientId: string) => ({ clientId, clientAddr: '10.0.0.9:5555', version: 477 })

/** Asks, of a group with these members, for one that wants these topics; resolves with what is reported. */
async function reported(ours: readonly SubscriptionData[], answer: Others | Error | 'none'): Promise<string[]> {
  const invoke = async () => {
    if (answer instanceof Error) throw answer
    if (answer === 'none') return { code: 'CONSUMER_NOT_ONLINE' }
    const { subscriptions, ...rest } = answer
    const subscriptionTable = new Map(subscriptions.map(each => [each.topic, each]))
    const body = { connectionSet: [connection('other')], messageModel: 'CLUSTERING', subscriptionTable, ...rest }
    return { code: 'SUCCESS', header: {}, body }
  }
  const remoting = { invoke } as unknown as GroupChecker['remoting']
  const client = { clientId: 'me', remoting, routes: { fetch: async () => ROUTE }, log: new Log('test') }
  const errors: RocketMQError[] = []
  const data = { ...consumerData('billing', []), subscriptionDataSet: ours }
  await checkGroup(client, { data, report: error => errors.push(error) }, {})
  for (const error of errors) expect(error).toMatchObject({ code: 'GROUP_CONFLICT', group: 'billing' })
  return errors.map(({ message }) => message)
}

const tags = (topic: string, expression = '*') => buildSubscriptionData(topic, expression, 1)

describe('the question for the members that a group has', () => {
  it('finds nothing where they want the same, tags in any order, and other retry topics aside', async () => {
    const subscriptions = [tags('Orders', 'b||a'), tags('%RETRY%billing')]
    expect(await reported([tags('Orders', 'a || b')], { subscriptions })).toEqual([])
  })

  it('finds another client with the same id, and tells where it is', async () => {
    const others = { subscriptions: [tags('Orders')], connectionSet: [connection('x'), connection('me')] }
    expect(await reported([tags('Orders')], others)).toEqual([
      expect.stringMatching(/id me already, from 10\.0\.0\.9:5555.*instanceName/),
    ])
  })

  it('finds other tags, other topics and conditions, in one report', async () => {
    const ours = [
      tags('Orders', 'paid'),
      buildTypedSubscriptionData('Bills', { expression: 'a > 1', type: 'SQL92' }, 1),
    ]
    const [report, ...more] = await reported(ours, { subscriptions: [tags('Orders'), tags('Old')] })
    expect(more).toEqual([])
    expect(report).toContain("of topic Orders this one wants TAG 'paid', others TAG '*'")
    expect(report).toContain("of topic Bills this one wants SQL92 'a > 1', others nothing")
    expect(report).toContain("of topic Old this one wants nothing, others TAG '*'")
  })

  it('finds members that broadcast', async () => {
    const others = { subscriptions: [tags('Orders')], messageModel: 'BROADCASTING' } as const
    expect(await reported([tags('Orders')], others)).toEqual([
      expect.stringContaining('this one is CLUSTERING, others are BROADCASTING'),
    ])
  })

  it('finds nothing in a group that has no members', async () => {
    expect(await reported([tags('Orders')], 'none')).toEqual([])
    expect(await reported([tags('Orders')], { subscriptions: [tags('Old')], connectionSet: [] })).toEqual([])
  })

  it('holds nothing up where the broker refuses, and asks nothing where nothing is subscribed', async () => {
    const refused = new RocketMQError('REQUEST_TIMEOUT', 'no answer')
    expect(await reported([tags('Orders')], refused)).toEqual([])
    expect(await reported([tags('%RETRY%billing')], { subscriptions: [tags('Old')] })).toEqual([])
  })
})
