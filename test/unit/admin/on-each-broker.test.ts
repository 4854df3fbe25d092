import { onEachBroker } from '../../../lib/admin/on-each-broker'
import { BrokerError, RocketMQError } from '../../../lib/errors'

const TARGETS = ['a', 'b', 'c'].map(name => ({ brokerName: `broker-${name}`, address: `${name}:1` }))

const run = (outcomes: Record<string, unknown>): Promise<unknown> =>
  onEachBroker(TARGETS, 'creating topic Orders', async ({ brokerName }) => {
    const outcome = outcomes[brokerName] ?? brokerName
    if (outcome instanceof Error) throw outcome
    return outcome
  }).catch((error: unknown) => error)

describe('onEachBroker', () => {
  it('resolves with the results in the order of the brokers', async () => {
    expect(await run({ 'broker-b': 2 })).toEqual(['broker-a', 2, 'broker-c'])
  })

  it('names the brokers that failed and those that did not, with the code of the first failure', async () => {
    const refused = new BrokerError('NO_PERMISSION', 'not you', 'was answered NO_PERMISSION', { command: 'X' })
    const closed = new RocketMQError('CHANNEL_CLOSED', 'the connection closed')
    const error = await run({ 'broker-b': refused, 'broker-c': closed })
    expect(BrokerError.is(error, 'NO_PERMISSION')).toBe(true)
    expect(error).toMatchObject({
      message:
        'creating topic Orders failed on broker-b: was answered NO_PERMISSION; broker-c: the connection closed; done on broker-a',
      remark: 'not you',
      retriable: false,
      brokerName: 'broker-b',
      address: 'b:1',
      command: 'X',
    })
    expect((error as Error).cause).toMatchObject({ errors: [refused, closed] })
  })

  it('keeps the one cause, and may be repeated where every failure may', async () => {
    const closed = new RocketMQError('CHANNEL_CLOSED', 'the connection closed')
    const error = await run({ 'broker-a': closed })
    expect(error).toMatchObject({ code: 'CHANNEL_CLOSED', retriable: true, cause: closed })
  })

  it('rejects with what the caller has aborted with', async () => {
    const reason = new Error('no longer wanted')
    expect(await run({ 'broker-a': reason, 'broker-b': reason })).toBe(reason)
  })

  it('does all the work before it rejects', async () => {
    const done: string[] = []
    const work = async ({ brokerName }: { brokerName: string }): Promise<void> => {
      if (brokerName === 'broker-a') throw new RocketMQError('CONNECT_FAILED', 'nobody there')
      await Promise.resolve()
      done.push(brokerName)
    }
    await expect(onEachBroker(TARGETS, 'it', work)).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    expect(done).toEqual(['broker-b', 'broker-c'])
  })
})
