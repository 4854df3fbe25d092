import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { readLiteAnswer } from '../../../../lib/consumer/lite/lite-answer'
import { LiteReceipts } from '../../../../lib/consumer/lite/lite-receipts'
import { CALL, LITE, liteClient, liteFound, liteRecord } from '../../../support/lite-setup'
import { storedMessage } from '../../../support/records'

async function setup() {
  const client = await liteClient()
  const { messages } = await readLiteAnswer(liteFound([liteRecord('room-1', 7)]), {
    ...LITE,
    brokerName: 'b',
  })
  const message = messages[0] as NonNullable<(typeof messages)[0]>
  return { client, message, receipts: new LiteReceipts({ client: client.asClient, consumerGroup: 'chat' }) }
}

const HEADER = { ...LITE, queueId: 0, offset: 7, liteTopic: 'room-1', bname: 'b' }

describe('a message of a lite topic', () => {
  it('is acknowledged at its broker, with the name of its lite topic', async () => {
    const { client, message, receipts } = await setup()
    await receipts.ack(message, CALL)
    expect(client.sent(ACK_MESSAGE)).toMatchObject([
      { address: 'b:10911', header: { ...HEADER, extraInfo: '0 5000 15000 999 0 b 0 7' } },
    ])
  })

  it('is acknowledged as a copy, too', async () => {
    const { client, message, receipts } = await setup()
    await receipts.ack(message.copy(), CALL)
    expect(client.sent(ACK_MESSAGE)).toHaveLength(1)
  })

  it('gets a new receipt handle with more time', async () => {
    const { client, message, receipts } = await setup()
    const handle = await receipts.changeInvisible(message, 60_000, CALL)
    expect(client.sent(CHANGE_MESSAGE_INVISIBLETIME)[0]?.header).toMatchObject({ ...HEADER, invisibleTime: 60_000 })
    expect(handle).toBe('7 5000 60000 999 0 b 0 7')
    await receipts.ack(message, CALL)
    expect(client.sent(ACK_MESSAGE)[0]?.header).toMatchObject({ extraInfo: handle })
  })

  it('is not the broker’s any more where it says so', async () => {
    const { client, message, receipts } = await setup()
    const refuse = (): never => {
      throw brokerError(13, 'ack offset illegal.', { command: 'ACK_MESSAGE' })
    }
    client.on(ACK_MESSAGE, refuse).on(CHANGE_MESSAGE_INVISIBLETIME, refuse)
    await expect(receipts.ack(message, CALL)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
    await expect(receipts.changeInvisible(message, 1000, CALL)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
  })

  it('is not any other message', async () => {
    const { receipts } = await setup()
    for (const other of [storedMessage(), {} as never])
      await expect(receipts.ack(other, CALL)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
  })
})
