import { reportUnknownStart, reportUnwritten } from '../../../../lib/consumer/offsets/offset-failures'
import { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'

const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }

function setup() {
  const client = new FakeClient()
  const errors: RocketMQError[] = []
  const onBackgroundError = (error: RocketMQError): void => void errors.push(error)
  return { client, errors, options: { client: client.asClient, onBackgroundError } }
}

describe('an offset', () => {
  it('that a queue begins with and nobody tells is an error of its own, and logged', () => {
    const { client, errors, options } = setup()
    const cause = new RocketMQError('CONNECT_FAILED', 'no')
    reportUnknownStart(options, queue, cause)
    const message = 'the start offset of queue 1 of Orders on broker-a cannot be told: no'
    expect(errors[0]).toMatchObject({ code: 'OFFSET_STORE_FAILED', message, cause, topic: 'Orders' })
    expect(client.logger.lines.join()).toContain('the start offset of a queue cannot be told')
  })

  it('that could not be written is told as what went wrong', () => {
    const { errors, options } = setup()
    const typed = new RocketMQError('CONNECT_FAILED', 'no')
    for (const cause of [typed, new Error('no')]) reportUnwritten(options, queue, cause)
    expect(errors[0]).toBe(typed)
    expect(errors[1]).toMatchObject({
      message: 'the offset of queue 1 of Orders could not be written: no',
      topic: 'Orders',
    })
  })
})
