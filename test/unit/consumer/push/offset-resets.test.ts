import { OffsetResets } from '../../../../lib/consumer/push/offset-resets'
import { silentLog } from '../../../support/recording-log'

const queue = (queueId: number) => ({ topic: 'T', brokerName: 'b', queueId })

function setup() {
  const asked: { queueId: number; offset: number; done: () => void }[] = []
  let rebalances = 0
  const resets = new OffsetResets({
    log: silentLog(),
    reset: ({ queueId }, offset) => new Promise(done => asked.push({ queueId, offset, done })),
    rebalance: async () => void rebalances++,
  })
  return { resets, asked, rebalances: () => rebalances }
}

describe('resets of offsets', () => {
  it('keep pulls back until all that an administrator has set are done', async () => {
    const { resets, asked } = setup()
    resets.resetAll([
      [queue(0), 5],
      [queue(1), 7],
    ])
    resets.resetAll([[queue(2), 9]])
    expect(asked).toMatchObject([
      { queueId: 0, offset: 5 },
      { queueId: 1, offset: 7 },
      { queueId: 2, offset: 9 },
    ])
    const settled = resets.settled()
    asked[0]?.done()
    asked[1]?.done()
    expect(resets.gate.isOpen).toBe(false)
    asked[2]?.done()
    await settled
    expect(resets.gate.isOpen).toBe(true)
  })

  it('of one queue hold nothing else up, and have the queue looked for again', async () => {
    const { resets, asked, rebalances } = setup()
    resets.reset(queue(0), 5)
    expect(resets.gate.isOpen).toBe(true)
    asked[0]?.done()
    await resets.settled()
    expect(rebalances()).toBe(1)
  })
})
