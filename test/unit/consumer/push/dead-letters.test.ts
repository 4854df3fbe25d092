import { DeadLetters, type DeadLettersOptions } from '../../../../lib/consumer/push/dead-letters'
import { RocketMQError } from '../../../../lib/errors'
import { gone } from '../../../support/concurrent-setup'
import { keyed } from '../../../support/key-setup'

function setup(outcome: (() => Promise<void>) | 'broadcasting') {
  const sent: string[] = []
  const errors: RocketMQError[] = []
  const sendBack: DeadLettersOptions['sendBack'] =
    outcome === 'broadcasting'
      ? undefined
      : {
          sendBack: (message, delayLevel) => {
            sent.push(`${message.text()} at ${delayLevel}`)
            return outcome()
          },
          sendToRetryTopic: () => Promise.reject(new Error('not used')),
        }
  const onBackgroundError = (error: RocketMQError): number => errors.push(error)
  return { sent, errors, letters: new DeadLetters({ consumerGroup: 'g', sendBack, onBackgroundError }) }
}

describe('a message for the dead letters', () => {
  it('is sent back to go there at once', async () => {
    const { sent, errors, letters } = setup(() => Promise.resolve())
    expect(await letters.accept(keyed('a', 3))).toBe(true)
    expect([sent, errors]).toEqual([['a3 at -1'], []])
  })

  it('is not there where no broker took it, and that is told', async () => {
    const { errors, letters } = setup(() => Promise.reject(gone))
    expect(await letters.accept(keyed('a', 3))).toBe(false)
    expect(errors).toEqual([gone])
  })

  it('is named, with its key, where a failure says nothing by itself', async () => {
    const cause = new Error('a defect')
    const { errors, letters } = setup(() => Promise.reject(cause))
    expect(await letters.accept(keyed('a', 3))).toBe(false)
    expect(errors).toMatchObject([
      { cause, topic: 'Orders', group: 'g', message: expect.stringMatching(/with key a could/) },
    ])
  })

  it('is dropped when broadcasting, and that is told', async () => {
    const { errors, letters } = setup('broadcasting')
    const message = keyed('-', 3)
    message.reconsumeTimes = 16
    expect(await letters.accept(message)).toBe(true)
    expect(errors).toMatchObject([{ code: 'INVALID_STATE', topic: 'Orders', group: 'g' }])
    expect(errors[0]?.message).toMatch(/of Orders failed 17 times and is dropped/)
  })

  it('is dropped without a word when broadcasting where it could not be read, as that was told before', async () => {
    const { errors, letters } = setup('broadcasting')
    const message = keyed('a', 3)
    message.unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'damaged')
    expect(await letters.accept(message)).toBe(true)
    expect(errors).toEqual([])
  })
})
