import { CHECK_CLIENT_CONFIG } from '../../../../lib/commands/client'
import type { SubscriptionData } from '../../../../lib/model/consumer-types'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite, type PullReply, consumerData, messagesOf, subscription } from '../../../support/emulator-site'

const VERSIONS = ['4.9', '5'] as const

async function withMessages(options: Parameters<typeof EmulatorSite.start>[0] = {}): Promise<EmulatorSite> {
  const site = await EmulatorSite.start(options)
  for (const properties of [{ a: '1' }, { a: '5' }, { a: 'x' }, {}])
    await site.send('Orders', { body: JSON.stringify(properties), properties })
  return site
}

const textsOf = (reply: PullReply): string[] => messagesOf(reply).map(message => message.text())
const sql = (subString: string, rest: Partial<SubscriptionData> = {}): SubscriptionData =>
  subscription('Orders', { expressionType: 'SQL92', subString, ...rest })
const SWITCHED_OFF = {
  responseCode: 'SYSTEM_ERROR',
  remark: 'The broker does not support consumer to filter message by SQL92',
}

describe('pulls with a condition of their own', () => {
  const bySql = (subscription: string) => ({ expressionType: 'SQL92', subscription })

  it.each(VERSIONS)('of generation %s get what it is true of', async version => {
    await using site = await withMessages({ version })
    expect(textsOf(await site.pull('Orders', bySql('a > 1')))).toEqual(['{"a":"5"}'])
    expect(textsOf(await site.pull('Orders', bySql('a IS NULL')))).toEqual(['{}'])
  })

  it('go on behind what it is not true of', async () => {
    await using site = await withMessages()
    expect(await site.pull('Orders', bySql('a = 7'))).toMatchObject({
      code: 'PULL_RETRY_IMMEDIATELY',
      remark: 'NO_MATCHED_MESSAGE',
      header: { nextBeginOffset: 4 },
    })
  })

  it.each(['a > ', '*', '; DROP'])('get every message where it is wrong: %s', async expression => {
    await using site = await withMessages()
    expect(textsOf(await site.pull('Orders', bySql(expression)))).toHaveLength(4)
  })

  it('are refused where it is empty, and where filters by property are switched off', async () => {
    await using site = await withMessages({ enablePropertyFilter: false })
    await expect(site.pull('Orders', bySql(''))).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_PARSE_FAILED' })
    await expect(site.pull('Orders', bySql('a > 1'))).rejects.toMatchObject(SWITCHED_OFF)
    expect((await site.pull('Orders')).code).toBe('SUCCESS')
  })

  it('are woken by messages that it is true of only', async () => {
    await using site = await EmulatorSite.start({ clock: new ManualClock() })
    const parked = site.emulator.received('PULL_MESSAGE')
    const wait = { sysFlag: 6, suspendTimeoutMillis: 15_000, ...bySql('a > 1') }
    const reply = site.pull('Orders', wait, { client: site.newClient() })
    await parked
    await site.send('Orders', { body: 'small', properties: { a: '1' } })
    await site.send('Orders', { body: 'large', properties: { a: '2' } })
    expect(textsOf(await reply)).toEqual(['large'])
  })
})

describe('pulls with the condition of heartbeats', () => {
  const pull = (site: EmulatorSite, subVersion: number, client = site.client): Promise<PullReply> =>
    site.pull('Orders', { sysFlag: 0, subVersion, subscription: undefined }, { client })
  const tell = (
    site: EmulatorSite,
    data: SubscriptionData,
    rest: object = {},
    client = site.client,
  ): Promise<unknown> => {
    const consumer = consumerData('billing', [], { subscriptionDataSet: [data] })
    return site.heartbeat(client, { clientID: 'c', consumerDataSet: [consumer], ...rest })
  }

  it.each(VERSIONS)('of generation %s get what it is true of', async version => {
    await using site = await withMessages({ version })
    await tell(site, sql('a = 5'))
    expect(textsOf(await pull(site, 1))).toEqual(['{"a":"5"}'])
  })

  it('are refused where it is wrong, until there is a right one', async () => {
    await using site = await withMessages()
    await tell(site, sql('a ='))
    await expect(pull(site, 1)).rejects.toMatchObject({
      responseCode: 'FILTER_DATA_NOT_EXIST',
      remark: "The broker's consumer filter data is not exist!Your expression may be wrong!",
    })
    await tell(site, sql('a = 1', { subVersion: 2 }))
    expect(textsOf(await pull(site, 2))).toEqual(['{"a":"1"}'])
  })

  it('are refused where it is older than they are', async () => {
    await using site = await withMessages()
    await tell(site, sql('a = 5'))
    await tell(site, sql('', { subVersion: 2 }))
    await expect(pull(site, 2)).rejects.toMatchObject({
      responseCode: 'FILTER_DATA_NOT_LATEST',
      remark: "the consumer's consumer filter data not latest",
    })
  })

  it('are refused where filters by property are switched off', async () => {
    await using site = await withMessages({ enablePropertyFilter: false })
    await tell(site, sql('a = 5'))
    await expect(pull(site, 1)).rejects.toMatchObject(SWITCHED_OFF)
  })

  it('get every message of a class filter, which no broker has', async () => {
    await using site = await withMessages()
    await tell(site, sql('a = 5', { classFilterMode: true }))
    expect(textsOf(await pull(site, 1))).toHaveLength(4)
  })

  it('keep it when a heartbeat of version 2 leaves it out, and over a restart', async () => {
    await using site = await withMessages()
    await tell(site, sql('a = 5'))
    await tell(site, sql('a = 1', { subVersion: 2 }), { heartbeatFingerprint: 7, withoutSub: true })
    expect(textsOf(await pull(site, 1))).toEqual(['{"a":"5"}'])
    await site.emulator.brokers[0]?.restart()
    const client = site.newClient()
    await tell(site, sql('a = 1', { subVersion: 0 }), {}, client)
    expect(textsOf(await pull(site, 0, client))).toEqual(['{"a":"5"}'])
  })
})

describe('checks of a client', () => {
  const check = (site: EmulatorSite, subscriptionData: SubscriptionData | undefined) =>
    site.invoke(CHECK_CLIENT_CONFIG, { body: { clientId: 'c', group: 'billing', subscriptionData } })

  it('find no fault with tags and with conditions that can be read', async () => {
    await using site = await EmulatorSite.start()
    for (const data of [undefined, subscription('Orders'), sql('a > 1')])
      expect(await check(site, data)).toMatchObject({ code: 'SUCCESS' })
  })

  it.each([
    [sql('a >'), 'it ends too early'],
    [sql(''), 'it ends too early'],
    [sql('a > 1', { expressionType: 'XML' }), 'there is no filter of type XML'],
  ])('refuse others: %j', async (data, remark) => {
    await using site = await EmulatorSite.start()
    await expect(check(site, data)).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_PARSE_FAILED', remark })
  })

  it('refuse every condition, right or wrong, where filters by property are switched off', async () => {
    await using site = await EmulatorSite.start({ enablePropertyFilter: false })
    for (const data of [sql('a > 1'), sql('a >')]) await expect(check(site, data)).rejects.toMatchObject(SWITCHED_OFF)
    expect(await check(site, subscription('Orders'))).toMatchObject({ code: 'SUCCESS' })
  })
})
