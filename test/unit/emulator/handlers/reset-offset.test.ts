import { RESET_CONSUMER_CLIENT_OFFSET } from '../../../../lib/commands/callback'
import type { RequestOf } from '../../../../lib/commands/command'
import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../../lib/commands/group'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite, consumerData } from '../../../support/emulator-site'

type Header = RequestOf<typeof INVOKE_BROKER_TO_RESET_OFFSET>['header']
type Push = RequestOf<typeof RESET_CONSUMER_CLIENT_OFFSET>

const START = 1_700_000_000_000

/** One queue with messages of four seconds, of which the group has consumed three. */
async function started(version: '4.9' | '5') {
  const clock = new ManualClock(START)
  const site = await EmulatorSite.start({ version, clock, topics: { Orders: 1 } })
  for (let i = 0; i < 4; i++) {
    await site.send('Orders')
    await clock.advance(1000)
  }
  await site.pull('Orders', { sysFlag: 5, commitOffset: 3 })
  const reset = (header: Partial<Header> = {}, client = site.client) => {
    const all = { topic: 'Orders', group: 'billing', timestamp: START + 1000, isForce: true, ...header }
    return site.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header: all }, client)
  }
  return { site, reset, [Symbol.asyncDispose]: () => site.close() }
}

const offsetsOf = (reply: object): unknown => {
  const { body } = reply as { body?: Push['body'] }
  return body?.offsetTable.map(([, offset]) => offset)
}

describe('resets in generation 5', () => {
  it('set offsets at the broker, and the next pull is told where to go on', async () => {
    await using parts = await started('5')
    const { site, reset } = parts
    expect(offsetsOf(await reset())).toEqual([1])
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(1)
    expect(await site.pull('Orders', { queueOffset: 3 })).toMatchObject({
      code: 'PULL_OFFSET_MOVED',
      remark: 'OFFSET_RESET',
      header: { nextBeginOffset: 1 },
    })
    expect((await site.pull('Orders', { queueOffset: 1 })).code).toBe('SUCCESS')
  })

  it('go to the end for a time below 0, or to the offset of one queue', async () => {
    await using parts = await started('5')
    const { reset } = parts
    expect(offsetsOf(await reset({ timestamp: -1 }))).toEqual([4])
    expect(offsetsOf(await reset({ queueId: 0, offset: 2 }))).toEqual([2])
    expect(offsetsOf(await reset({ queueId: 0, offset: -1 }))).toEqual([1])
    await expect(reset({ queueId: 0, offset: 9 })).rejects.toMatchObject({
      remark: 'Target offset 9 not in consume queue range [0-4]',
    })
  })

  it('need a topic and a group that exist', async () => {
    await using parts = await started('5')
    const { reset } = parts
    await expect(reset({ topic: 'Unknown' })).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST' })
    await expect(reset({ group: 'unknown' })).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
  })
})

describe('resets in generation 4.9', () => {
  async function withMember() {
    const parts = await started('4.9')
    const member = parts.site.newClient()
    const pushed = new Promise<Push>(resolve => {
      member.handlers.on(RESET_CONSUMER_CLIENT_OFFSET, request => {
        resolve(request)
        return undefined
      })
    })
    await parts.site.heartbeat(member, { clientID: 'c', consumerDataSet: [consumerData('billing', ['Orders'])] })
    return { ...parts, pushed }
  }

  it('are for the members of the group to do; the broker changes nothing', async () => {
    await using parts = await withMember()
    const { site, reset, pushed } = parts
    expect(offsetsOf(await reset())).toEqual([1])
    const { header, body } = await pushed
    expect(header).toMatchObject({ topic: 'Orders', group: 'billing', timestamp: START + 1000 })
    expect(body.offsetTable).toEqual([[{ topic: 'Orders', brokerName: 'broker-a', queueId: 0 }, 1]])
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(3)
  })

  it('go forward only by force', async () => {
    await using parts = await withMember()
    const { reset } = parts
    expect(offsetsOf(await reset({ timestamp: -1, isForce: false }))).toEqual([3])
    expect(offsetsOf(await reset({ timestamp: -1 }))).toEqual([4])
  })

  it('are answered that the group is not online where it is not', async () => {
    await using parts = await started('4.9')
    expect(await parts.reset()).toMatchObject({ code: 'CONSUMER_NOT_ONLINE' })
  })

  it('need a topic that exists and a group that has committed', async () => {
    await using parts = await started('4.9')
    await expect(parts.reset({ topic: 'Unknown' })).rejects.toMatchObject({
      remark: '[reset-offset] reset offset failed, no topic in this broker. topic=Unknown',
    })
    await expect(parts.reset({ group: 'unknown' })).rejects.toMatchObject({
      remark: 'THe consumer group <unknown> not exist',
    })
  })

  it('fail for a client whose language the broker does not know', async () => {
    await using parts = await started('4.9')
    const { site, reset } = parts
    const failed = reset({}, site.newClient({ language: 'NODE_JS' }))
    await expect(failed).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })
})
