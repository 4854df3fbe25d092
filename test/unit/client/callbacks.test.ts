import { Callbacks } from '../../../lib/client/callbacks'
import { NOTIFY_CONSUMER_IDS_CHANGED, RESET_CONSUMER_CLIENT_OFFSET } from '../../../lib/commands/callback'
import { encodeRequest } from '../../../lib/commands/command'
import { RequestHandlers } from '../../../lib/remoting/request-handlers'
import { openFakeChannel } from '../../support/channel-on-fake-socket'
import { silentLog } from '../../support/recording-log'

function setUp() {
  const handlers = new RequestHandlers(silentLog())
  const { clock, socket, channel } = openFakeChannel({ dispatch: (frame, from) => handlers.dispatch(frame, from) })
  /** The broker tells a group that its members have changed; resolves with the answers. */
  const notify = async (consumerGroup: string) => {
    socket.receiveFrame(encodeRequest(NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup } }))
    await clock.advance(0)
    return socket.frames
  }
  return { callbacks: new Callbacks(handlers), notify, socket, channel }
}

describe('Callbacks', () => {
  it('gives a request of a broker to the group that it names', async () => {
    const { callbacks, notify, channel } = setUp()
    const told: unknown[] = []
    callbacks.handle(
      NOTIFY_CONSUMER_IDS_CHANGED,
      'a',
      (request, context) => void told.push(request.header, context.channel),
    )
    callbacks.handle(NOTIFY_CONSUMER_IDS_CHANGED, 'b', () => void told.push('b'))
    await notify('a')
    expect(told).toEqual([{ consumerGroup: 'a' }, channel])
  })

  it('finds the group under the name that the request has for it', async () => {
    const { callbacks, socket } = setUp()
    const topics: string[] = []
    callbacks.handle(RESET_CONSUMER_CLIENT_OFFSET, 'g', ({ header }) => void topics.push(header.topic))
    const header = { topic: 'T', group: 'g', timestamp: 0 }
    socket.receiveFrame(encodeRequest(RESET_CONSUMER_CLIENT_OFFSET, { header, body: { offsetTable: [] } }))
    expect(topics).toEqual(['T'])
  })

  it('answers with an error for a group that is not here, or no longer', async () => {
    const { callbacks, notify } = setUp()
    const end = callbacks.handle(NOTIFY_CONSUMER_IDS_CHANGED, 'a', () => undefined)
    expect(await notify('b')).toMatchObject([{ code: 1, remark: 'the group b is not here' }])
    end()
    expect(await notify('a')).toMatchObject([{}, { code: 1, remark: 'the group a is not here' }])
  })

  it('keeps the handler of a successor when its predecessor ends', async () => {
    const { callbacks, notify } = setUp()
    const told: string[] = []
    const endFirst = callbacks.handle(NOTIFY_CONSUMER_IDS_CHANGED, 'a', () => void told.push('first'))
    callbacks.handle(NOTIFY_CONSUMER_IDS_CHANGED, 'a', () => void told.push('second'))
    endFirst()
    await notify('a')
    expect(told).toEqual(['second'])
  })
})
