import { HEART_BEAT } from '../../../lib/commands/client'
import { AdminSite } from '../../support/admin-site'
import { consumerData } from '../../support/emulator-site'

/** Where the question for the progress of a group goes tells the brokers that it was taken to be on. */
async function asked(site: AdminSite, options: { topic?: string } = {}): Promise<(string | undefined)[]> {
  const seen = site.seen('GET_CONSUME_STATS')
  await site.admin.consumeStats('billing', options)
  return seen.map(({ broker }) => broker).sort()
}

describe('brokersOfGroup', () => {
  it('is those that have the retry topic of the group', async () => {
    await using site = await AdminSite.start({ brokers: 2 })
    const body = { clientID: 'c', producerDataSet: [], consumerDataSet: [consumerData('billing', ['Orders'])] }
    await site.frames.client.invoke(site.frames.addressOf(1), HEART_BEAT, { body })
    expect(await asked(site)).toEqual(['broker-b'])
  })

  it('is those of the topic as well, each once', async () => {
    await using site = await AdminSite.start({ brokers: 2 })
    site.emulator.createTopic('%RETRY%billing', 1)
    expect(await asked(site, { topic: 'Orders' })).toEqual(['broker-a', 'broker-b'])
  })

  it('is every broker where there is neither', async () => {
    await using site = await AdminSite.start({ brokers: 3 })
    expect(await asked(site, { topic: 'Bills' })).toEqual(['broker-a', 'broker-b', 'broker-c'])
  })
})
