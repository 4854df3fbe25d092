import type { Trace } from '../../../lib/model/trace'
import { encodeTrace } from '../../../lib/wire/trace-data'
import { AdminSite } from '../../support/admin-site'

const TOPIC = 'RMQ_SYS_TRACE_TOPIC'
const before = (msgId: string, timestamp: number): Trace => ({
  type: 'SubBefore',
  timestamp,
  regionId: 'r',
  group: 'g',
  requestId: `R${timestamp}`,
  msgId,
  retryTimes: 0,
  keys: undefined,
})
const bodyOf = (...traces: Trace[]): string => traces.map(encodeTrace).join('')

describe('the traces of a message', () => {
  it('are those of its own, oldest first, out of all messages that have some', async () => {
    await using site = await AdminSite.start()
    const properties = { KEYS: 'A B' }
    await site.frames.send(TOPIC, { body: bodyOf(before('A', 30), before('B', 31)), properties })
    await site.frames.send(TOPIC, { body: bodyOf(before('A', 20), before('A', 40)), properties })
    await site.frames.send(TOPIC, { body: 'no trace', properties })
    expect(await site.admin.queryMessageTrace('A')).toEqual([before('A', 20), before('A', 30), before('A', 40)])
    expect(await site.admin.queryMessageTrace('C')).toEqual([])
  })

  it('are looked for in a topic of your own, where it is told', async () => {
    await using site = await AdminSite.start()
    await site.frames.send('Orders', { body: bodyOf(before('A', 1)), properties: { KEYS: 'A' } })
    expect(await site.admin.queryMessageTrace('A', { topic: 'Orders' })).toEqual([before('A', 1)])
    await expect(site.admin.queryMessageTrace('A', { topic: 'None' })).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
    await expect(site.admin.queryMessageTrace('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
