import type { RequestOf } from '../../../../lib/commands/command'
import { UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../../lib/commands/group'
import { CONSUMER_SEND_MSG_BACK } from '../../../../lib/commands/send'
import { groupConfig } from '../../../../lib/emulator/groups'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import type { EmulatorOptions } from '../../../../lib/emulator/index'
import type { MessageExt } from '../../../../lib/model/message'
import { EmulatorSite } from '../../../support/emulator-site'

type Header = RequestOf<typeof CONSUMER_SEND_MSG_BACK>['header']

async function started(options: EmulatorOptions = {}) {
  const clock = new ManualClock()
  const site = await EmulatorSite.start({ clock, ...options })
  const { header } = await site.send('Orders', { queueId: 1, body: 'again', properties: { TAGS: 'a', UNIQ_KEY: 'U' } })
  const [message] = site.emulator.messages('Orders')
  const back = (offset: number, rest: Partial<Header> = {}) =>
    site.invoke(CONSUMER_SEND_MSG_BACK, {
      header: { offset, group: 'billing', delayLevel: 0, originTopic: 'Orders', ...rest },
    })
  return {
    clock,
    site,
    back,
    offset: (message as MessageExt).commitLogOffset,
    msgId: header.msgId,
    [Symbol.asyncDispose]: () => site.close(),
  }
}

const RETRY = '%RETRY%billing'
const DEAD = '%DLQ%billing'

describe('messages that are sent back', () => {
  it.each(['4.9', '5'] as const)('of generation %s come again after the time of their level', async version => {
    await using parts = await started({ version })
    const { clock, site, back, offset, msgId } = parts
    await back(offset)
    expect(site.emulator.messages('SCHEDULE_TOPIC_XXXX')[0]).toMatchObject({ queueId: 2 })
    await clock.advance(9999)
    expect(site.emulator.messages(RETRY)).toEqual([])
    await clock.advance(1)
    const [again] = site.emulator.messages(RETRY)
    expect(again).toMatchObject({ reconsumeTimes: 1, tags: 'a' })
    expect(again?.text()).toBe('again')
    const properties = { RETRY_TOPIC: 'Orders', ORIGIN_MESSAGE_ID: msgId, UNIQ_KEY: 'U', DELAY: '3', WAIT: 'false' }
    expect(again?.properties).toMatchObject(properties)
  })

  it('wait longer each time, or as long as the consumer says', async () => {
    await using parts = await started()
    const { clock, site, back, offset } = parts
    await back(offset)
    await clock.advance(10_000)
    const [second] = await site.read(RETRY)
    await back(second?.commitLogOffset as number)
    await clock.advance(29_999)
    expect(site.emulator.messages(RETRY)).toHaveLength(1)
    await clock.advance(1)
    const third = site.emulator.messages(RETRY)[1]
    expect(third).toMatchObject({ reconsumeTimes: 2 })
    expect(third?.properties).toMatchObject({ RETRY_TOPIC: 'Orders' })
    await back(offset, { delayLevel: 1 })
    await clock.advance(1000)
    expect(site.emulator.messages(RETRY)).toHaveLength(3)
  })

  it.each([{ delayLevel: -1 }, { maxReconsumeTimes: 0 }])('go to the dead letters with %j', async header => {
    await using parts = await started()
    const { site, back, offset } = parts
    await back(offset, header)
    const [dead] = site.emulator.messages(DEAD)
    expect(dead).toMatchObject({ queueId: 0, reconsumeTimes: 1 })
    expect(dead?.properties).toMatchObject({ RETRY_TOPIC: 'Orders' })
  })

  it('go to the dead letters by the settings of the group where the client is too old to say', async () => {
    await using parts = await started()
    const { site, offset } = parts
    const body = groupConfig('billing', { retryMaxTimes: 0 })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    const header = { offset, group: 'billing', delayLevel: 0, originTopic: 'Orders', maxReconsumeTimes: 16 }
    await site.invoke(CONSUMER_SEND_MSG_BACK, { header }, site.newClient({ version: 100 }))
    expect(site.emulator.messages(DEAD)).toHaveLength(1)
  })

  it('must say the topic that they are from before they are dead letters of generation 5', async () => {
    await using parts = await started()
    const { site, offset } = parts
    const header = { offset, group: 'billing', delayLevel: -1 }
    await expect(site.invoke(CONSUMER_SEND_MSG_BACK, { header })).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
    })
  })

  it('are kept by a group without retry queues', async () => {
    await using parts = await started()
    const { site, back, offset } = parts
    const body = groupConfig('billing', { retryQueueNums: 0 })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    expect((await back(offset)).code).toBe('SUCCESS')
    expect(site.emulator.messages('SCHEDULE_TOPIC_XXXX')).toEqual([])
  })

  it('are refused where there is no such message', async () => {
    await using parts = await started()
    const { back } = parts
    await expect(back(7777)).rejects.toMatchObject({ remark: 'look message by offset failed, 7777' })
  })

  it('are refused where there is no such group', async () => {
    await using parts = await started({ autoCreateGroup: false })
    const { back, offset } = parts
    await expect(back(offset)).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
  })
})
