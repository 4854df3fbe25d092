import { PopProcessQueue, type PopEntry } from '../../../../lib/consumer/pop/pop-process-queue'
import { isFit } from '../../../../lib/consumer/pop/pop-service'
import { RocketMQError } from '../../../../lib/errors'
import { PLACE, popped, recordedSettlement } from '../../../support/pop-setup'

function setup() {
  const { settlement, over, spent, told } = recordedSettlement()
  const errors: RocketMQError[] = []
  const queue = new PopProcessQueue(PLACE.queue, 10)
  const [entry] = queue.put([popped()]) as [PopEntry]
  const options = { settlement, onBackgroundError: (error: RocketMQError) => void errors.push(error) }
  return { over, spent, told, errors, queue, entry, fits: () => isFit(options, queue, entry, -1) }
}

describe('a message that a listener may have', () => {
  it('is one that is readable, and still ours', () => {
    const { fits, queue, told } = setup()
    expect([fits(), queue.count, told]).toEqual([true, 1, []])
  })

  it('is none whose time is over: the broker gives it to others', () => {
    const { fits, over, queue, told } = setup()
    over.add(7)
    expect([fits(), queue.count, told]).toEqual([false, 0, []])
  })

  it('is none that cannot be read, or was tried too often', () => {
    const unreadable = setup()
    unreadable.entry.message.unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'no')
    expect([unreadable.fits(), unreadable.told, unreadable.errors.length]).toEqual([false, ['failed at -1 7'], 1])
    const tried = setup()
    tried.spent.add(7)
    expect([tried.fits(), tried.told, tried.errors.length]).toEqual([false, ['failed at -1 7'], 0])
  })
})
