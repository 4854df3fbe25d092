import { GET_CONSUMER_RUNNING_INFO } from '../../../lib/commands/consumer-status'
import { RocketMQError } from '../../../lib/errors'
import { Relay } from '../../../lib/emulator/relay'
import type { Channel } from '../../../lib/remoting/channel'
import type { RemotingCommand } from '../../../lib/wire/remoting-command'

/** A relay, and what its asker is told. */
function relayed() {
  const told: unknown[] = []
  const frame = { opaque: 9 } as RemotingCommand
  const channel = { reply: (request: RemotingCommand, content: object) => void told.push({ request, ...content }) }
  const asker = { channel: channel as unknown as Channel, frame }
  const names = { consumerGroup: 'billing', clientId: 'c@1' }
  const relay = new Relay({ command: GET_CONSUMER_RUNNING_INFO, content: { code: 307 }, asker, ...names })
  return { relay, told, frame }
}

describe('Relay', () => {
  it('gives the answer on as it is', () => {
    const { relay, told, frame } = relayed()
    const writer = { language: 'JAVA', version: 401 }
    const answer = { code: 1, remark: 'no', extFields: { a: 'b' }, body: Buffer.from('c'), opaque: 1, ...writer }
    relay.onReply(answer as unknown as RemotingCommand)
    const { code, remark, extFields, body } = answer
    expect(told).toEqual([{ request: frame, code, remark, extFields, body, writer }])
    expect(relay.settled).toBe(true)
  })

  it('tells a client that is late from one that cannot be asked', () => {
    const late = relayed()
    late.relay.onFailure(new RocketMQError('REQUEST_TIMEOUT', 'no reply'))
    expect(late.told).toMatchObject([{ code: 207, remark: 'consumer <billing> <c@1> Timeout: no reply' }])
    const gone = relayed()
    gone.relay.onFailure(new RocketMQError('CHANNEL_CLOSED', 'it closed'))
    expect(gone.told).toMatchObject([{ code: 1, remark: 'invoke consumer <billing> <c@1> Exception: it closed' }])
  })
})
