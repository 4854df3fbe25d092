import { CHECK_CLIENT_CONFIG } from '../../../../lib/commands/client'
import { PushConsumer } from '../../../../lib/consumer/push/push-consumer'
import type { RocketMQError } from '../../../../lib/errors'
import { MessageSelector } from '../../../../lib/model/message-selector'
import { ScriptedCluster } from '../../../support/scripted-cluster'

let cluster: ScriptedCluster
let consumer: PushConsumer

function create(): PushConsumer {
  consumer = new PushConsumer({ ...cluster.options, consumerGroup: 'g' })
  return consumer.consume(() => undefined)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await cluster.clock.advance(0)
}

const topicsTold = (): string[] | undefined =>
  cluster.heartbeats.at(-1)?.consumerDataSet[0]?.subscriptionDataSet.map(({ topic }) => topic)

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ One: 1, Two: 2, '%RETRY%g': 1 })
})

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

describe('the condition of a consumer', () => {
  it('lets no start succeed where a broker refuses it, and no broker has heard of it', async () => {
    cluster.server.hold(CHECK_CLIENT_CONFIG)
    const started = cluster.outcome(create().subscribe('One', MessageSelector.bySql('a >')).start())
    ;(await cluster.server.next(CHECK_CLIENT_CONFIG)).refuse('SUBSCRIPTION_PARSE_FAILED', 'it ends too early')
    expect(await started).toMatchObject({ reason: { code: 'INVALID_EXPRESSION', topic: 'One' } })
    expect(cluster.heartbeats).toEqual([])
  })

  const wanted = (): unknown => cluster.heartbeats.at(-1)?.consumerDataSet[0]?.subscriptionDataSet[0]

  /** Brokers have heard of all that is wanted now. */
  const toldAnew = (): Promise<void> => {
    const before = cluster.heartbeats.length
    consumer.subscribe('Two')
    return until(() => cluster.heartbeats.length > before && topicsTold()?.includes('Two') === true)
  }

  it('is asked about before a running consumer changes to it', async () => {
    await create().subscribe('One').start()
    cluster.server.hold(CHECK_CLIENT_CONFIG)
    consumer.subscribe('One', { sql92: 'a > 1' })
    const asked = await cluster.server.next(CHECK_CLIENT_CONFIG)
    expect(asked.request.body).toMatchObject({ group: 'g', subscriptionData: { topic: 'One', subString: 'a > 1' } })
    await toldAnew()
    expect(wanted()).toMatchObject({ subString: '*' })
    asked.reply({ code: 'SUCCESS' })
    await until(() => (wanted() as { subString: string }).subString === 'a > 1')
    expect(wanted()).toMatchObject({ expressionType: 'SQL92' })
  })

  it('changes nothing where a broker refuses it, and the consumer says so', async () => {
    await create().subscribe('One').start()
    const errors: RocketMQError[] = []
    consumer.on('backgroundError', error => errors.push(error))
    cluster.server.hold(CHECK_CLIENT_CONFIG)
    consumer.subscribe('One', { sql92: 'a >' })
    ;(await cluster.server.next(CHECK_CLIENT_CONFIG)).refuse('SUBSCRIPTION_PARSE_FAILED')
    await until(() => errors.length > 0)
    await toldAnew()
    expect(errors).toMatchObject([{ code: 'INVALID_EXPRESSION', topic: 'One' }])
    expect(wanted()).toMatchObject({ subString: '*' })
  })

  it('does not come after what was wanted later, whatever brokers answer before', async () => {
    await create().subscribe('One').start()
    cluster.server.hold(CHECK_CLIENT_CONFIG)
    consumer.subscribe('One', { sql92: 'a > 1' })
    const asked = await cluster.server.next(CHECK_CLIENT_CONFIG)
    consumer.subscribe('One', 'b')
    await until(() => (wanted() as { subString: string }).subString === 'b')
    asked.reply({ code: 'SUCCESS' })
    await toldAnew()
    expect(wanted()).toMatchObject({ subString: 'b', expressionType: 'TAG' })
  })
})
