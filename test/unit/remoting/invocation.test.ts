import { encodeRequest } from '../../../lib/commands/command'
import { GET_MAX_OFFSET } from '../../../lib/commands/offset'
import { Invocation } from '../../../lib/remoting/invocation'
import { RocketMQError } from '../../../lib/errors'
import { openFakeChannel } from '../../support/channel-on-fake-socket'

function setUp(signal?: AbortSignal) {
  const { clock, socket, channel } = openFakeChannel()
  const content = encodeRequest(GET_MAX_OFFSET, { header: { topic: 'T', queueId: 1 } })
  let invocation: Invocation<typeof GET_MAX_OFFSET> | undefined
  const outcome = new Promise((resolve, reject) => {
    invocation = new Invocation({ command: GET_MAX_OFFSET, content, address: channel.address, signal, resolve, reject })
  })
  const entry = invocation as Invocation<typeof GET_MAX_OFFSET>
  return { clock, socket, channel, entry, outcome }
}

describe('Invocation', () => {
  it('resolves with the typed answer', async () => {
    const { socket, channel, entry, outcome } = setUp()
    channel.request(entry, 3000)
    socket.receiveReply(entry.opaque, { extFields: { offset: '7' }, remark: 'r' })
    await expect(outcome).resolves.toEqual({ code: 'SUCCESS', remark: 'r', header: { offset: 7 } })
    expect(entry.settled).toBe(true)
  })

  it('rejects with the error that the answer is, and the place it came from', async () => {
    const { socket, channel, entry, outcome } = setUp()
    channel.request(entry, 3000)
    socket.receiveReply(entry.opaque, { code: 17, remark: 'no topic' })
    await expect(outcome).rejects.toMatchObject({ responseCode: 'TOPIC_NOT_EXIST', address: channel.address })
  })

  it('rejects where the answer cannot be read, and the connection lives on', async () => {
    const { socket, channel, entry, outcome } = setUp()
    channel.request(entry, 3000)
    socket.receiveReply(entry.opaque, { extFields: { offset: 'x' } })
    await expect(outcome).rejects.toMatchObject({ code: 'PROTOCOL_ERROR', command: 'GET_MAX_OFFSET' })
    expect(channel.state).toBe('open')
  })

  it('rejects with its failure', async () => {
    const { entry, outcome } = setUp()
    entry.onFailure(new RocketMQError('CHANNEL_CLOSED', 'closed'))
    await expect(outcome).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
  })

  it('is taken back when it is aborted: its answer is then a stray one', async () => {
    const abort = new AbortController()
    const { socket, channel, entry, outcome } = setUp(abort.signal)
    channel.request(entry, 3000)
    abort.abort(new Error('enough'))
    await expect(outcome).rejects.toThrow('enough')
    expect(channel.pendingCount).toBe(0)
    socket.receiveReply(entry.opaque, { extFields: { offset: '7' } })
    expect(channel.strayReplies).toBe(1)
  })

  it('is settled from the start where it was aborted before', async () => {
    const { entry, outcome } = setUp(AbortSignal.abort(new Error('before')))
    await expect(outcome).rejects.toThrow('before')
    expect(entry.settled).toBe(true)
  })

  it('settles once: what comes later changes nothing', async () => {
    const abort = new AbortController()
    const { socket, channel, entry, outcome } = setUp(abort.signal)
    channel.request(entry, 3000)
    socket.receiveReply(entry.opaque, { extFields: { offset: '7' } })
    entry.onFailure(new RocketMQError('CHANNEL_CLOSED', 'late'))
    abort.abort(new Error('late'))
    await expect(outcome).resolves.toMatchObject({ header: { offset: 7 } })
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')]
    const { entry, outcome } = setUp(signal)
    entry.onFailure(new RocketMQError('CHANNEL_CLOSED', 'closed'))
    await outcome.catch(() => undefined)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })
})
