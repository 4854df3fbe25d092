import { checkSubscription } from '../../../lib/client/check-subscription'
import { CHECK_CLIENT_CONFIG } from '../../../lib/commands/client'
import type { AnyCommand, RequestOf } from '../../../lib/commands/command'
import { brokerError } from '../../../lib/commands/response-code'
import { RocketMQError } from '../../../lib/errors'
import { subscription } from '../../support/emulator-site'

type Question = RequestOf<typeof CHECK_CLIENT_CONFIG>['body']

const SWITCHED_OFF = 'The broker does not support consumer to filter message by SQL92'
const sql = subscription('T', { expressionType: 'SQL92', subString: 'a > 1' })
const broker = (...addresses: [number, string][]) => ({
  cluster: 'c',
  brokerName: addresses.map(([, address]) => address).join(),
  brokerAddrs: new Map(addresses),
})

/** A client of two brokers; the first has a slave, the second has lost its master. */
function setup(answers: Record<string, Error> = {}) {
  const asked: [string, Question][] = []
  const errors: RocketMQError[] = []
  const brokerDatas = [broker([0, 'master'], [1, 'slave']), broker([2, 'lonely'])]
  const client = {
    clientId: 'c@1',
    remoting: {
      invoke: async (address: string, command: AnyCommand, request: unknown): Promise<never> => {
        expect(command).toBe(CHECK_CLIENT_CONFIG)
        asked.push([address, (request as { body: Question }).body])
        const answer = answers[address]
        if (answer !== undefined) throw answer
        return { code: 'SUCCESS' } as never
      },
    },
    routes: { fetch: async (topic: string) => (topic === 'T' ? { queueDatas: [], brokerDatas } : undefined) },
  }
  const check = (data = sql, signal?: AbortSignal): Promise<void> =>
    checkSubscription(
      client,
      { group: 'g', subscription: data, onBackgroundError: error => void errors.push(error) },
      { signal },
    )
  return { asked, errors, check }
}

describe('checkSubscription', () => {
  it('asks one node of every broker of the topic', async () => {
    const { asked, errors, check } = setup()
    await check()
    const body = { clientId: 'c@1', group: 'g', subscriptionData: sql }
    expect(asked).toEqual([
      ['master', body],
      ['lonely', body],
    ])
    expect(errors).toEqual([])
  })

  it('asks nobody about tags, nor about a topic that does not exist', async () => {
    const { asked, check } = setup()
    await check(subscription('T'))
    await check({ ...sql, topic: 'Unknown' })
    expect(asked).toEqual([])
  })

  it.each([
    [
      brokerError(23, 'ParseException: Encountered "<EOF>" at line 1, column 4.\nWas expecting one of:'),
      'INVALID_EXPRESSION',
      'broker lonely does not understand the SQL92 expression \'a > 1\' of topic T: ParseException: Encountered "<EOF>" at line 1, column 4.',
    ],
    [
      brokerError(1, SWITCHED_OFF),
      'UNSUPPORTED_BY_BROKER',
      'broker lonely does not filter topic T by SQL92: set enablePropertyFilter=true in its configuration, or subscribe by tags',
    ],
    [
      brokerError(3, ' request type 46 not supported'),
      'UNSUPPORTED_BY_BROKER',
      'broker lonely is older than 4.1 and cannot filter topic T by SQL92: subscribe by tags',
    ],
  ])('fails on the verdict of any of them: %s', async (cause, code, message) => {
    const { check } = setup({ lonely: cause })
    await expect(check()).rejects.toMatchObject({ code, message, cause, topic: 'T', address: 'lonely' })
  })

  it.each([
    new RocketMQError('CONNECT_FAILED', 'refused'),
    brokerError(2, 'busy'),
    brokerError(1, 'java.lang.NullPointerException'),
    brokerError(16, 'no permission'),
  ])('reports a broker that gives none, and goes on: %s', async error => {
    const { errors, check } = setup({ master: error })
    await check()
    expect(errors).toEqual([error])
  })

  it('tells of a verdict though another broker gives none', async () => {
    const { errors, check } = setup({ master: brokerError(2, 'busy'), lonely: brokerError(1, SWITCHED_OFF) })
    await expect(check()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    expect(errors).toHaveLength(1)
  })

  it('ends when it is aborted, and reports nothing', async () => {
    const aborted = new RocketMQError('ABORTED', 'enough')
    const { errors, check } = setup({ master: aborted })
    await expect(check(sql, AbortSignal.abort(aborted))).rejects.toBe(aborted)
    expect(errors).toEqual([])
  })

  it('hides no slip of ours', async () => {
    const slip = new TypeError('a slip')
    await expect(setup({ master: slip }).check()).rejects.toBe(slip)
  })
})
